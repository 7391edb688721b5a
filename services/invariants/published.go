package invariants

import (
	"encoding/json"
	"slices"

	"example.com/troupe/services/kit/invariant"
)

// log contains what was published about each order.
type log struct {
	events map[string]map[string][]string // event IDs, by order and by event type
	staged map[string]bool                // orders for which someone other than a service published a service's events
}

// asked are the events with which anyone may begin.
var asked = map[string]bool{"order.placed.v1": true, "cancellation.requested.v1": true, "order.deadline.v1": true}

func logOf(w *invariant.World) log {
	l := log{events: map[string]map[string][]string{}, staged: map[string]bool{}}
	for _, e := range w.Published {
		about := e.Metadata
		if about.CausationID == "" && !asked[about.Type] {
			l.staged[about.Subject] = true
		}
		kind := about.Type
		if kind == "customer.notified.v1" {
			var letter struct{ Template string }
			_ = json.Unmarshal(e.Data, &letter) // it was validated when it was published
			kind += " " + letter.Template
		}
		if l.events[about.Subject] == nil {
			l.events[about.Subject] = map[string][]string{}
		}
		if ids := l.events[about.Subject][kind]; !slices.Contains(ids, about.ID) {
			l.events[about.Subject][kind] = append(ids, about.ID)
		}
	}
	return l
}

func (l log) published(order, kind string) bool { return len(l.events[order][kind]) > 0 }
