package main

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"example.com/troupe/events"
	"example.com/troupe/events/bus"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/testevent"
)

// How events are sent: so many in a call, and so many calls at a time.
const (
	batch   = 10
	senders = 16
)

// eventType is what the burst consists of: orders that the warehouse is to ship.
const eventType = "fulfilment.requested.v1"

// makeEvents makes events with identities of their own out of the contract's example, and returns what each is about.
func makeEvents(contracts []schema.Event, n int) (messages []events.Message, orders []string, err error) {
	contract, err := testevent.Find(contracts, eventType)
	if err != nil {
		return nil, nil, err
	}
	messages, orders = make([]events.Message, n), make([]string, n)
	for i := range messages {
		data, err := testevent.Fresh(contract, contract.Examples[0].Data)
		if err != nil {
			return nil, nil, err
		}
		if messages[i], err = testevent.Message(contract, data); err != nil {
			return nil, nil, err
		}
		orders[i] = messages[i].Envelope.Metadata.Subject
	}
	return messages, orders, nil
}

// publish sends events at a rate (0: as fast as they are accepted), and tells of each batch before it is sent.
func publish(ctx context.Context, to *bus.Bus, messages []events.Message, rate float64, sending func(from, to int)) error {
	began := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(senders)
	for from := 0; from < len(messages) && ctx.Err() == nil; from += batch {
		if rate > 0 {
			wait(ctx, began.Add(time.Duration(float64(from)/rate*float64(time.Second))))
		}
		group.Go(func() error {
			part := messages[from:min(from+batch, len(messages))]
			for i := range part {
				part[i].Envelope.Metadata.OccurredAt = time.Now().UTC()
			}
			sending(from, from+len(part))
			if err := to.Publish(ctx, part...); err != nil {
				return fmt.Errorf("publish %s: %w", eventType, err)
			}
			return nil
		})
	}
	return group.Wait()
}

// wait waits until a time.
func wait(ctx context.Context, until time.Time) {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
