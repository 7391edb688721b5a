package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/follow"
	"example.com/troupe/scripts/internal/target"
	"example.com/troupe/scripts/internal/trace"
)

// follow sends the events and prints what they cause, until everything is handled.
func (s *sender) follow(ctx context.Context, to *target.Target) error {
	began := time.Now()
	printer := trace.Printer{Out: s.out, Colours: trace.Coloured(s.out)}
	steps := &trace.Collector{}
	logs := follow.NewLogs(to, began, steps)
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
	err := follow.Wait(ctx, to, logs, follow.PulseOf(s.env))
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("-timeout ended before everything was handled: %w", err)
	case errors.Is(err, context.Canceled):
		return nil // interrupted by the user
	case err != nil:
		return err
	}
	return s.conclude(printer, steps)
}

// trees is the maximum number of executions that are printed at the end.
const trees = 3

// conclude prints the executions, and the number of delayed reminders.
func (s *sender) conclude(printer trace.Printer, steps *trace.Collector) error {
	for i, m := range s.sent {
		if i == trees {
			fmt.Fprintf(s.out, "\n… and %s more\n", cli.Count(len(s.sent)-trees, "execution"))
			break
		}
		fmt.Fprintln(s.out)
		if err := printer.Print(m.Subject, trace.New(steps.Of(m.CorrelationID))); err != nil {
			return err
		}
	}
	if n, first := reminders(steps, time.Now()); n > 0 {
		fmt.Fprintf(s.out, "\nNot waited for: %s, the first (%s) due in %s.\n", cli.Count(n, "reminder"), first.Type, time.Until(first.Due).Round(time.Second))
	}
	return nil
}

// reminders returns the number of events that are not due yet and were not cancelled, and the first of them.
func reminders(steps *trace.Collector, now time.Time) (n int, first events.Published) {
	cancelled := map[string]bool{}
	for _, step := range steps.All() {
		for _, id := range step.Cancelled {
			cancelled[id] = true
		}
	}
	for _, step := range steps.All() {
		for _, fact := range step.Published {
			if fact.Due.After(now) && !cancelled[fact.ID] {
				if n++; n == 1 || fact.Due.Before(first.Due) {
					first = fact
				}
			}
		}
	}
	return n, first
}
