package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"

	"example.com/troupe/events"
	"example.com/troupe/events/bus"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/progress"
	"example.com/troupe/scripts/internal/target"
	"example.com/troupe/scripts/internal/testevent"
)

// Events are sent in batches by several goroutines.
const (
	batch   = 10
	senders = 8
)

// sender sends the events of one run of the command.
type sender struct {
	options
	contract *schema.Event
	data     []byte
	fresh    bool // each event gets new identities
	to       target.Publisher
	out      io.Writer

	accepted atomic.Int64
	mu       sync.Mutex
	sent     []events.Metadata // of the accepted events
}

// send publishes all events and prints how many were accepted.
func (s *sender) send(ctx context.Context) error {
	began := time.Now()
	stop := s.progress(ctx, began)
	err := s.sendAll(ctx)
	stop()
	if s.count == 1 && err == nil {
		m := s.sent[0]
		_, err = fmt.Fprintf(s.out, "published %s: event %s, subject %s, correlation %s\n", m.Type, m.ID, m.Subject, m.CorrelationID)
		return err
	}
	took := time.Since(began)
	fmt.Fprintf(s.out, "published %s: %d of %d accepted in %.1f s (%.0f/s)\n",
		s.contract.Type, s.accepted.Load(), s.count, took.Seconds(), float64(s.accepted.Load())/took.Seconds())
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return nil // interrupted by the user
	}
	return err
}

// sendAll sends batches concurrently. The first failure stops it.
func (s *sender) sendAll(ctx context.Context) error {
	size, limiter := s.pace()
	group, sending := errgroup.WithContext(ctx) // sending ends with the group; ctx doesn't
	group.SetLimit(senders)
	for left := s.count; left > 0 && sending.Err() == nil; left -= size {
		n := min(size, left)
		if limiter.WaitN(sending, n) != nil {
			break
		}
		group.Go(func() error { return s.sendBatch(sending, n) })
	}
	return cmp.Or(group.Wait(), ctx.Err())
}

// pace returns the size of batches and a rate limiter. At a low rate batches are small, so that the rate is even.
func (s *sender) pace() (size int, limiter *rate.Limiter) {
	if s.rate == 0 {
		return batch, rate.NewLimiter(rate.Inf, batch)
	}
	size = max(1, min(batch, int(s.rate/10)))
	return size, rate.NewLimiter(rate.Limit(s.rate), size)
}

func (s *sender) sendBatch(ctx context.Context, n int) error {
	messages := make([]events.Message, n)
	for i := range messages {
		data, err := s.data, error(nil)
		if s.fresh {
			data, err = testevent.Fresh(s.contract, s.data)
		}
		if err == nil {
			messages[i], err = testevent.Message(s.contract, data)
		}
		if err != nil {
			return err
		}
	}
	err := s.to.Publish(ctx, messages...)
	failed := map[string]bool{}
	if partly, ok := errors.AsType[*bus.PublishError](err); ok {
		for _, entry := range partly.Failed {
			failed[entry.ID] = true
		}
	} else if err != nil {
		return err
	}
	s.note(messages, failed)
	return err
}

func (s *sender) note(messages []events.Message, failed map[string]bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range messages {
		if metadata := m.Envelope.Metadata; !failed[metadata.ID] {
			s.accepted.Add(1)
			s.sent = append(s.sent, metadata)
		}
	}
}

// progress shows the progress on a terminal until the returned function is called.
func (s *sender) progress(ctx context.Context, began time.Time) (stop func()) {
	if s.count == 1 || s.options.follow {
		return func() {}
	}
	return progress.Show(ctx, s.out, func() string {
		n := s.accepted.Load()
		return fmt.Sprintf("%d of %d accepted, %.0f/s", n, s.count, float64(n)/time.Since(began).Seconds())
	})
}
