package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/trace"
)

// What the smoke test needs: a service that takes orders, and the event that one which goes well ends with.
const (
	smokeRoute = "POST /orders"
	lastFact   = "shipment.dispatched.v1"
)

// How often logs are read, and how long an order may take: functions and tasks start cold, and a line needs seconds
// to become visible in CloudWatch.
const (
	smokeInterval = 2 * time.Second
	smokeTimeout  = 3 * time.Minute
)

// smoke places an order and follows it to its end through CloudWatch Logs.
func (d *deployment) smoke(ctx context.Context, out outputs) error {
	heard := d.hearing(lastFact)
	if len(heard) == 0 || !d.answers(smokeRoute) {
		fmt.Fprintf(d.Out, "\nNo smoke test: it needs a service that answers %s, and one that hears %s.\n", smokeRoute, lastFact)
		return nil
	}
	fmt.Fprintln(d.Out, "\nplacing an order, and following it:")
	ctx, cancel := context.WithTimeout(ctx, smokeTimeout)
	defer cancel()
	cfg := d.cfg.Copy()
	cfg.Region = out.Region
	printer := trace.Printer{Out: d.Out, Colours: trace.Coloured(d.Out)}
	began := time.Now()
	correlation, err := placeOrder(ctx, strings.TrimSuffix(out.APIURL, "/"))
	if err != nil {
		return fmt.Errorf("smoke test: place an order: %w", err)
	}
	steps := &trace.Collector{OnStep: func(step events.Step) {
		if step.CorrelationID == correlation {
			_ = printer.Step(step) // a terminal that is gone is told at the end
		}
	}}
	logs := &trace.Logs{Client: cloudwatchlogs.NewFromConfig(cfg), Groups: slices.Sorted(maps.Values(out.LogGroups)), Since: began, To: steps}
	if err := followOrder(ctx, logs, correlation, heard); err != nil {
		return fmt.Errorf("smoke test: %w", err)
	}
	_, err = fmt.Fprintf(d.Out, "The order went through, in %.0f s.\n", time.Since(began).Seconds())
	return err
}

// followOrder reads logs until every service that hears the last event has handled it.
func followOrder(ctx context.Context, logs *trace.Logs, correlation string, heard []string) error {
	tick := time.NewTicker(smokeInterval)
	defer tick.Stop()
	for {
		if err := logs.Poll(ctx); err != nil {
			return err
		}
		missing := slices.Clone(heard)
		for _, step := range logs.To.Of(correlation) {
			if step.Outcome == events.DeadLettered {
				return fmt.Errorf("%s dead-lettered %s: %s", step.Service, step.EventType, step.Error)
			}
			if step.EventType == lastFact && step.Outcome == events.Handled {
				missing = slices.DeleteFunc(missing, func(service string) bool { return service == step.Service })
			}
		}
		if len(missing) == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the order did not come to its end: %s has not reached %s; their logs and dead-letter queues tell more: %w", lastFact, strings.Join(missing, " and "), ctx.Err())
		case <-tick.C:
		}
	}
}

// hearing returns the services that hear an event.
func (d *deployment) hearing(event string) (names []string) {
	for _, m := range d.declared.Manifests {
		if m.SubscribesTo(event) {
			names = append(names, m.Name)
		}
	}
	return names
}

func (d *deployment) answers(route string) bool {
	for _, m := range d.declared.Manifests {
		if slices.Contains(m.HTTP, route) {
			return true
		}
	}
	return false
}
