package invariants

import (
	"bytes"
	"encoding/json"

	"example.com/troupe/events"
)

// beginning is the type of event that people cause, by a request; all others follow from an event.
const beginning = "order.placed.v1"

// events: an id stands for one content, and every event has a cause that was seen.
func (w *World) facts(c *checker) {
	content := map[string][]byte{}
	for _, fact := range w.Published {
		id := fact.Metadata.ID
		if w.Poisoned[id] {
			continue
		}
		now := canonical(fact)
		if before, seen := content[id]; seen && !bytes.Equal(before, now) {
			c.wrong("event %s was published with two contents:\n  %s\n  %s", id, before, now)
		}
		content[id] = now
	}
	missing := map[string]bool{}
	for _, fact := range w.Published {
		about := fact.Metadata
		if _, seen := content[about.CausationID]; seen || about.Type == beginning || w.Poisoned[about.ID] || missing[about.ID] {
			continue
		}
		missing[about.ID] = true
		c.wrong("event %s, a %s about %s, was caused by %q, which nobody has seen", about.ID, about.Type, about.Subject, about.CausationID)
	}
}

// canonical is an event's content in a form that can be compared.
func canonical(fact events.Envelope) []byte {
	var data any
	if json.Unmarshal(fact.Data, &data) == nil {
		if sorted, err := json.Marshal(data); err == nil {
			fact.Data = sorted
		}
	}
	text, err := json.Marshal(fact)
	if err != nil {
		return fact.Data // of an event that is no JSON
	}
	return text
}
