package trace

import (
	"context"
	"slices"
	"sync"

	"example.com/troupe/events"
)

// Collector keeps the steps of a run in memory, in order of arrival. Its zero value is ready to use, and its methods
// may be called concurrently.
type Collector struct {
	// OnStep, if set, is called for every step, one at a time. Set it before the first line.
	OnStep func(events.Step)

	// Forget discards steps after OnStep, which a long run needs. Set it before the first line.
	Forget bool

	mu      sync.Mutex
	count   int
	steps   []events.Step
	changed chan struct{} // closed at the next step
}

// Line reads a log line. It keeps steps and ignores everything else.
func (c *Collector) Line(line []byte) {
	step, ok := Parse(line)
	if !ok {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
	if !c.Forget {
		c.steps = append(c.steps, step)
	}
	if c.changed != nil {
		close(c.changed)
		c.changed = nil
	}
	if c.OnStep != nil {
		c.OnStep(step)
	}
}

// Count returns the number of steps so far, with those that were discarded.
func (c *Collector) Count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.count
}

// All returns the steps so far.
func (c *Collector) All() []events.Step {
	return c.Where(func(events.Step) bool { return true })
}

// Of returns the steps of an execution so far.
func (c *Collector) Of(correlationID string) []events.Step {
	return c.Where(func(s events.Step) bool { return s.CorrelationID == correlationID })
}

// Where returns the steps so far for which a condition holds.
func (c *Collector) Where(holds func(events.Step) bool) []events.Step {
	c.mu.Lock()
	defer c.mu.Unlock()
	var found []events.Step
	for _, s := range c.steps {
		if holds(s) {
			found = append(found, s)
		}
	}
	return found
}

// Find waits for a step for which a condition holds.
func (c *Collector) Find(ctx context.Context, holds func(events.Step) bool) (events.Step, error) {
	for {
		c.mu.Lock()
		at := slices.IndexFunc(c.steps, holds)
		if at >= 0 {
			defer c.mu.Unlock()
			return c.steps[at], nil
		}
		if c.changed == nil {
			c.changed = make(chan struct{})
		}
		changed := c.changed
		c.mu.Unlock()
		select {
		case <-ctx.Done():
			return events.Step{}, ctx.Err()
		case <-changed:
		}
	}
}
