package record

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"unsafe"

	"example.com/troupe/events"
)

// What the parts of an execution take besides texts and steps, in bytes. TestBudget compares them with the heap.
const (
	flowBytes     = 800 // a flow with its place in the store, its searchable text and its summary
	deliveryBytes = 400 // a delivery with its place in the map and its event's ID
	textBytes     = 8   // what rounding adds to a text, on average
	spareSteps    = 4   // room for further steps of an execution, unless it has many
)

// weigh counts bytes of an execution. While there are too many in all, the execution that was touched least recently
// is let go.
func (s *Store) weigh(d *flow, bytes int) {
	d.bytes += bytes
	s.bytes += bytes
	for s.bytes > s.limits.Bytes && s.touched.Len() > 1 { // a single one has its own limit, of steps
		s.forget()
	}
}

// forget lets the execution go that was touched least recently.
func (s *Store) forget() {
	d := s.touched.Remove(s.touched.Front()).(*flow)
	at, _ := slices.BinarySearchFunc(s.order, d.number, func(d *flow, number uint64) int { return cmp.Compare(d.number, number) })
	s.order = slices.Delete(s.order, at, at+1)
	s.bytes -= d.bytes
	s.gone++
	delete(s.byID, d.id)
	s.unrelate(d)
}

// add adds a step to an execution and returns what it takes.
func (d *flow) add(step events.Step) int {
	if len(d.steps) == cap(d.steps) { // append would double it
		grown := make([]events.Step, len(d.steps), len(d.steps)+max(spareSteps, len(d.steps)/4))
		copy(grown, d.steps)
		d.steps = grown
	}
	step.Published, step.Changes = slices.Clone(step.Published), slices.Clone(step.Changes) // without spare room
	size := int(unsafe.Sizeof(step)) + d.share(&step) + length(step.Error) + length(step.Reason) + length(step.Out)
	for _, c := range step.Changes {
		size += int(unsafe.Sizeof(c)) + length(c.Key) + length(c.Before) + length(c.After)
	}
	for _, p := range step.Published {
		size += int(unsafe.Sizeof(p)) + length(p.ID) + length(p.Data)
	}
	d.steps = append(d.steps, step)
	return size
}

// share makes a step share the texts that it has in common with earlier ones: above all, what one service published is
// what another received. It returns what the others take.
func (d *flow) share(step *events.Step) int {
	eventID, causationID, subject, in := length(step.EventID), length(step.CausationID), length(step.Subject), length(step.In)
	if step.CorrelationID == d.id {
		step.CorrelationID = d.id
	}
	for i := range d.steps {
		earlier := &d.steps[i]
		if earlier.Subject == step.Subject {
			step.Subject, subject = earlier.Subject, 0
		}
		if earlier.EventID == step.CausationID {
			step.CausationID, causationID = earlier.EventID, 0
		}
		if earlier.EventID == step.EventID {
			step.EventID, eventID = earlier.EventID, 0
			if bytes.Equal(earlier.In, step.In) {
				step.In, in = earlier.In, 0
			}
		}
		for _, p := range earlier.Published {
			if p.ID == step.EventID {
				step.EventID, eventID = p.ID, 0
				if bytes.Equal(p.Data, step.In) {
					step.In, in = p.Data, 0
				}
			}
		}
	}
	return eventID + causationID + subject + in
}

// length returns what a text takes.
func length[T string | json.RawMessage](text T) int {
	if len(text) == 0 {
		return 0
	}
	return len(text) + textBytes
}
