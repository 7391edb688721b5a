package main

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	steadyRate = 200 // events per second
)

// steady measures the time from PutEvents until a consumer receives the event, at a rate that leaves the machine
// mostly idle.
func (r *session) steady(ctx context.Context) (err error) {
	m, err := r.stageRoute(ctx, eventsRoute)
	if err != nil {
		return err
	}
	defer func() { err = m.end(err) }()
	n := int(r.scale.steady.Seconds() * steadyRate)
	var all series
	for i := range r.scale.repeats {
		r.progress("PutEvents at %d a second: %d of %d", steadyRate, i+1, r.scale.repeats)
		t, err := m.turn(func(c *contestant) (figure, error) {
			p := newPassage(c, n)
			f, err := c.timed(n, func() error {
				return p.run(ctx, consumers, p.steadily)
			})
			return f.latencies(p.delays), err
		})
		if err != nil {
			return fmt.Errorf("PutEvents at %d a second: %w", steadyRate, err)
		}
		all = append(all, t)
	}
	r.report.steady(fmt.Sprintf("%s, %d a second", eventsRoute.name, steadyRate), all)
	return nil
}

// steadily publishes at the rate without waiting for earlier calls.
func (p *passage) steadily(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	ticker := time.NewTicker(time.Second / steadyRate)
	defer ticker.Stop()
	for range p.sent {
		select {
		case <-ticker.C:
			group.Go(func() error { return p.publish(ctx, eventsRoute) })
		case <-ctx.Done():
			return group.Wait()
		}
	}
	return group.Wait()
}
