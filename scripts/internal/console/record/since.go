package record

import (
	"time"

	"example.com/troupe/events"
)

// StepsSince returns the kept steps that began at or after a time, those of each execution in order.
func (s *Store) StepsSince(began time.Time) (steps []events.Step) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.order {
		for _, step := range d.steps {
			if !step.StartedAt.Before(began) {
				steps = append(steps, step)
			}
		}
	}
	return steps
}
