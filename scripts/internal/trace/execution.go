package trace

import (
	"cmp"
	"slices"
	"time"

	"example.com/troupe/events"
)

// Execution is everything that one request or event caused.
type Execution struct {
	CorrelationID string    `json:"correlationId"`
	Subject       string    `json:"subject,omitempty"`
	StartedAt     time.Time `json:"startedAt"`
	DurationMS    float64   `json:"durationMs"` // from the first start to the last end
	Steps         int       `json:"steps"`
	Events        []*Event  `json:"events"` // the events that began it, usually one
}

// Event is an event or a request, with the steps that handled it.
type Event struct {
	ID      string         `json:"id"`
	Type    string         `json:"type"` // "http" for a request
	Channel events.Channel `json:"channel,omitempty"`
	Due     time.Time      `json:"due,omitzero"`
	Steps   []*Step        `json:"steps,omitempty"` // one for each attempt of a service
}

// Step is what one service did, and the events that it published.
type Step struct {
	events.Step
	Published []*Event `json:"published,omitempty"` // without what an earlier step already published
}

// New assembles the steps of one execution. They may come in any order, and some may be missing: an event that no
// step published is taken as one that began the execution.
func New(steps []events.Step) Execution {
	steps = slices.Clone(steps)
	slices.SortStableFunc(steps, func(a, b events.Step) int {
		return cmp.Or(a.StartedAt.Compare(b.StartedAt), cmp.Compare(a.Attempt, b.Attempt))
	})
	execution := Execution{Steps: len(steps)}
	known := publications(steps)
	owned := map[string]bool{}
	for _, s := range steps {
		event := known[s.EventID]
		if event == nil {
			event = &Event{ID: s.EventID, Type: s.EventType}
			known[s.EventID] = event
			execution.Events = append(execution.Events, event)
		}
		node := &Step{Step: s}
		for _, p := range s.Published {
			if !owned[p.ID] { // a repeat publishes the same events again
				owned[p.ID] = true
				node.Published = append(node.Published, known[p.ID])
			}
		}
		event.Steps = append(event.Steps, node)
		execution.count(s)
	}
	return execution
}

// publications returns every event that a step published, under its id.
func publications(steps []events.Step) map[string]*Event {
	known := map[string]*Event{}
	for _, s := range steps {
		for _, p := range s.Published {
			known[p.ID] = &Event{ID: p.ID, Type: p.Type, Channel: p.Channel, Due: p.Due}
		}
	}
	return known
}

// count adds a step to the execution's totals. Steps must come in order of time.
func (e *Execution) count(s events.Step) {
	e.CorrelationID = s.CorrelationID
	e.Subject = cmp.Or(e.Subject, s.Subject)
	if e.StartedAt.IsZero() {
		e.StartedAt = s.StartedAt
	}
	ended := s.StartedAt.Sub(e.StartedAt).Seconds()*1000 + s.DurationMS
	e.DurationMS = max(e.DurationMS, ended)
}
