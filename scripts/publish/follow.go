package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"golang.org/x/sync/errgroup"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/settle"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/target"
	"example.com/troupe/scripts/internal/trace"
)

// pace of following: how often logs and queues are looked at, and how long logs must be silent when the
// queues are empty. On AWS a line takes seconds to become visible.
type pulse struct{ every, silence time.Duration }

func (o options) pulse() pulse {
	if o.env == stack.Env {
		return pulse{100 * time.Millisecond, 300 * time.Millisecond}
	}
	return pulse{time.Second, 8 * time.Second}
}

// follow sends the events and prints what they set off, until nothing is left in flight.
func (s *sender) follow(ctx context.Context, to *target.Target) error {
	began := time.Now()
	printer := trace.Printer{Out: s.out, Colours: trace.Coloured(s.out)}
	steps := &trace.Collector{}
	logs := &trace.Logs{Client: cloudwatchlogs.NewFromConfig(to.Config), Groups: to.LogGroups, Since: began, To: steps}
	if err := s.send(ctx); err != nil {
		return err
	}
	ours := map[string]bool{}
	for _, m := range s.sent {
		ours[m.CorrelationID] = true
	}
	steps.OnStep = func(step events.Step) {
		if ours[step.CorrelationID] {
			_ = printer.Step(step)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	err := s.watch(ctx, to, logs)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("it goes on, but -timeout is over: %w", err)
	case errors.Is(err, context.Canceled):
		return nil // interrupted, as the user wished
	case err != nil:
		return err
	}
	return s.conclude(printer, steps)
}

// watch reads the logs until the queues are empty and the logs are silent.
func (s *sender) watch(ctx context.Context, to *target.Target, logs *trace.Logs) error {
	pulse := s.pulse()
	queues := settle.Watch{
		Client: sqs.NewFromConfig(to.Config), Queues: map[string]string{}, Steps: logs.To.Count,
		Interval: pulse.every, IgnoreDelayed: true,
	}
	for service, urls := range to.Queues {
		queues.Queues[service] = urls.Main
	}
	settled := make(chan struct{})
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(settled)
		_, err := queues.Wait(ctx)
		return err
	})
	group.Go(func() error { return poll(ctx, logs, pulse, settled) })
	return group.Wait()
}

// poll reads logs; once the queues have settled, it ends when there is nothing new for a while.
func poll(ctx context.Context, logs *trace.Logs, pulse pulse, settled <-chan struct{}) error {
	tick := time.NewTicker(pulse.every)
	defer tick.Stop()
	count, changed := 0, time.Now()
	for {
		if err := logs.Poll(ctx); err != nil {
			return err
		}
		if n := logs.To.Count(); n != count {
			count, changed = n, time.Now()
		}
		select {
		case <-settled:
			if time.Since(changed) > pulse.silence {
				return nil
			}
		default:
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// trees is how many executions are drawn in the end.
const trees = 3

// conclude draws the executions, and names the reminders that are not due yet.
func (s *sender) conclude(printer trace.Printer, steps *trace.Collector) error {
	for i, m := range s.sent {
		if i == trees {
			fmt.Fprintf(s.out, "\n… and %d more executions\n", len(s.sent)-trees)
			break
		}
		fmt.Fprintln(s.out)
		if err := printer.Print(m.Subject, trace.New(steps.Of(m.CorrelationID))); err != nil {
			return err
		}
	}
	if n, first := reminders(steps, time.Now()); n > 0 {
		fmt.Fprintf(s.out, "\nNot waited for: %d reminders, the first (%s) due in %s.\n", n, first.Type, time.Until(first.Due).Round(time.Second))
	}
	return nil
}

// reminders returns how many facts are not due yet, and the first of them.
func reminders(steps *trace.Collector, now time.Time) (n int, first events.Said) {
	for _, step := range steps.Where(func(events.Step) bool { return true }) {
		for _, fact := range step.Said {
			if fact.Due.After(now) {
				if n++; n == 1 || fact.Due.Before(first.Due) {
					first = fact
				}
			}
		}
	}
	return n, first
}
