package invariants

import (
	"encoding/json"
	"slices"

	"example.com/troupe/services/kit/invariant"
)

// log is what was published about each order.
type log struct {
	said   map[string]map[string][]string // ids of events, by order and by what they say
	staged map[string]bool                // orders about which somebody else than a service published what only it knows
}

// asked are the events that anybody may begin with.
var asked = map[string]bool{"order.placed.v1": true, "cancellation.requested.v1": true, "order.deadline.v1": true}

func logOf(w *invariant.World) log {
	l := log{said: map[string]map[string][]string{}, staged: map[string]bool{}}
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
		if l.said[about.Subject] == nil {
			l.said[about.Subject] = map[string][]string{}
		}
		if ids := l.said[about.Subject][kind]; !slices.Contains(ids, about.ID) {
			l.said[about.Subject][kind] = append(ids, about.ID)
		}
	}
	return l
}

func (l log) says(order, kind string) bool { return len(l.said[order][kind]) > 0 }
