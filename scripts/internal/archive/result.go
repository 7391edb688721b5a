package archive

import (
	"cmp"
	"slices"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/stack"
)

// Result is what a service did with the replayed events.
type Result struct {
	Service  string                 `json:"service"`
	Outcomes map[events.Outcome]int `json:"outcomes"` // number of events by the outcome of their last step
}

// Results summarises the steps in which services handled the events with these IDs.
func Results(steps []events.Step, ids map[string]bool) []Result {
	type handling struct{ service, event string }
	last := map[handling]events.Outcome{}
	for _, s := range steps {
		if ids[s.EventID] {
			last[handling{s.Service, s.EventID}] = s.Outcome
		}
	}
	byService := map[string]map[events.Outcome]int{}
	for h, outcome := range last {
		if byService[h.service] == nil {
			byService[h.service] = map[events.Outcome]int{}
		}
		byService[h.service][outcome]++
	}
	results := make([]Result, 0, len(byService))
	for service, outcomes := range byService {
		results = append(results, Result{service, outcomes})
	}
	return slices.SortedFunc(slices.Values(results), func(a, b Result) int { return cmp.Compare(a.Service, b.Service) })
}

// Failed reports whether the service failed to handle an event.
func (r Result) Failed() bool { return r.Outcomes[events.Retried]+r.Outcomes[events.DeadLettered] > 0 }

// Outside returns the events that services publish only to people and webhooks: a replay publishes them again, and no
// inbox there discards the repeat.
func Outside(declared *stack.Declared, services []string) []string {
	inside, channel := map[string]bool{}, map[string]events.Channel{}
	for _, m := range declared.Manifests {
		for _, s := range m.Subscribes {
			inside[s.Event] = true
		}
	}
	for _, c := range declared.Contracts {
		channel[c.Type] = c.Channel
	}
	found := []string{}
	for _, m := range declared.Manifests {
		for _, event := range m.Publishes {
			if slices.Contains(services, m.Name) && channel[event] == events.SNS && !inside[event] {
				found = append(found, event)
			}
		}
	}
	return found
}
