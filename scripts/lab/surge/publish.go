package main

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"example.com/troupe/events"
	"example.com/troupe/events/bus"
	"example.com/troupe/scripts/internal/pause"
)

// The size of a batch, and the number of concurrent calls.
const (
	batch   = 10
	senders = 16
)

// publish publishes events at a rate (0 means as fast as they are accepted), and calls sending before each batch.
func publish(ctx context.Context, to *bus.Bus, messages []events.Message, rate float64, sending func(from, to int) error) error {
	began := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(senders)
	for from := 0; from < len(messages) && ctx.Err() == nil; from += batch {
		if rate > 0 {
			pause.For(ctx, time.Until(began.Add(time.Duration(float64(from)/rate*float64(time.Second)))))
		}
		group.Go(func() error {
			part := messages[from:min(from+batch, len(messages))]
			for i := range part {
				part[i].Envelope.Metadata.OccurredAt = time.Now().UTC()
			}
			if err := sending(from, from+len(part)); err != nil {
				return err
			}
			if err := to.Publish(ctx, part...); err != nil {
				return fmt.Errorf("publish %s: %w", part[0].Envelope.Metadata.Type, err)
			}
			return nil
		})
	}
	return group.Wait()
}
