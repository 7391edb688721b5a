package main

import (
	"context"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// resource is the name of the measured queue, topic, bus and rule.
const resource = "bench"

// payload is an event of a typical size, about 800 bytes.
const payload = `{"metadata":{"id":"01J9ZQ4X8N2M5K7P3R6T1V0W8Y","type":"visit.booked.v1","subject":"v-01J9ZQ4X8N2M5K7P","correlationId":"01J9ZQ4X8N2M5K7P3R6T1V0W8X",` +
	`"causationId":"01J9ZQ4X8N2M5K7P3R6T1V0W8W","producer":"frontdesk","occurredAt":"2026-11-23T10:00:00.123Z","traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},` +
	`"data":{"visitId":"v-01J9ZQ4X8N2M5K7P","visitorId":"c-1001","email":"someone@example.com","region":"eu","language":"en","minutes":4200,"badgeToken":"tok_ok",` +
	`"rooms":[{"name":"gallery","quantity":1,"minutesEach":1200},{"name":"courtyard","quantity":3,"minutesEach":1000}]}}`

// spread makes n calls, numbered from 0, from a number of goroutines. The first failure stops it.
func spread(ctx context.Context, clients, n int, call func(ctx context.Context, i int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	var next atomic.Int64
	for range clients {
		group.Go(func() error {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := call(ctx, i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}
