//go:build chaos && linux

package chaos_test

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"example.com/troupe/scripts/internal/pause"
	"example.com/troupe/scripts/lab/customer"
)

// customers are active concurrently and make at least this many visits while something is broken.
const customers, visits = 6, 60

// gap is the longest pause between two visits of a customer.
const gap = 400 * time.Millisecond

// load runs customers while something is broken, and returns how many stories they played.
func (p *system) load(ctx context.Context, breaks func(context.Context) error) (plays int, err error) {
	group, ctx := errgroup.WithContext(ctx)
	var played, broken atomic.Int64
	group.Go(func() error {
		defer broken.Store(1)
		return breaks(ctx)
	})
	for range customers {
		group.Go(func() error {
			for ctx.Err() == nil && (broken.Load() == 0 || played.Load() < visits) {
				p.visit(ctx)
				played.Add(1)
				linger(ctx, gap)
			}
			return ctx.Err()
		})
	}
	err = group.Wait()
	return int(played.Load()), err
}

// visit plays a story, or publishes an example if there is none. Neither has to succeed.
func (p *system) visit(ctx context.Context) {
	if len(p.parts) > 0 {
		part := p.parts[rand.IntN(len(p.parts))]
		result, _ := p.stage.Play(ctx, part.Story) // a story's checks may fail while something is broken
		for _, id := range result.Executions {
			p.log.Began(id, part.Ends)
		}
		return
	}
	subscribed := customer.Subscribed(p.Contracts(), p.Declared().Manifests)
	if len(subscribed) == 0 {
		return
	}
	if message, err := customer.Example(subscribed, rand.IntN); err == nil {
		_ = p.stage.Target.Publisher(message.Envelope.Metadata.Producer).Publish(ctx, message) // it may fail, like any call
	}
}

// client returns a client for customers' requests.
func (p *system) client(ctx context.Context) *customer.Client {
	return &customer.Client{
		Log: p.log, Send: send,
		Pause:  func(longest time.Duration) bool { return linger(ctx, min(longest, gap)) },
		Chance: func(n int) bool { return rand.IntN(n) == 0 },
	}
}

func send(r *http.Request, body []byte) (status int, header http.Header, answer []byte) {
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(body))
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return 0, nil, nil // it may or may not have had its effect
	}
	defer response.Body.Close()
	if answer, err = io.ReadAll(response.Body); err != nil {
		return 0, nil, nil
	}
	return response.StatusCode, response.Header, answer
}

// linger waits for a random time, and reports whether the context lasted.
func linger(ctx context.Context, longest time.Duration) bool {
	return pause.For(ctx, rand.N(longest))
}
