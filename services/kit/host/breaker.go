package host

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"example.com/troupe/events/bus/jitter"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
)

const (
	breakAfter = 10               // failures in a row: what all messages need has failed
	firstGap   = time.Second      // to the next try; it doubles with each that fails
	longestGap = 30 * time.Second // so that an outage is noticed to be over soon
)

// errResting means that a message was not tried, because everything fails at the moment.
var errResting = errors.New("not tried: every message before it failed")

// breaker notices an outage of something that all messages need, a database or the bus: many
// units of work have failed in a row. Until one succeeds it admits one at a time, with a
// growing gap. Each receive of a message counts towards its dead-lettering, so the others
// stay in the queue (worker), or come again after half a minute or more (Lambda).
type breaker struct {
	mu       sync.Mutex
	failures int       // in a row
	next     time.Time // when the next message may be tried, during an outage
}

// open reports whether there is an outage.
func (b *breaker) open() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.failures >= breakAfter
}

// admit reports whether a message may be tried.
func (b *breaker) admit() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failures < breakAfter {
		return true
	}
	if time.Now().Before(b.next) {
		return false
	}
	b.next = time.Now().Add(longestGap) // for the others, until the outcome is known
	return true
}

// wait waits until the next message may be tried.
func (b *breaker) wait(ctx context.Context) error {
	b.mu.Lock()
	rest := time.Until(b.next)
	b.mu.Unlock()
	if rest <= 0 {
		return ctx.Err()
	}
	return jitter.Sleep(ctx, rest)
}

// note counts how a unit of work ended. Errors that only say something about its own message
// don't count: permanent ones, conflicts, and those that ask for time.
func (b *breaker) note(ctx context.Context, err error, permanent bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, later := errors.AsType[*eventing.RetryAfterError](err)
	switch {
	case err == nil:
		if b.failures >= breakAfter {
			slog.InfoContext(ctx, "a message was handled: the outage is over")
		}
		b.failures, b.next = 0, time.Time{}
	case !permanent && !later && !errors.Is(err, inbox.ErrConflict):
		if b.failures++; b.failures == breakAfter {
			slog.ErrorContext(ctx, "outage: so many messages failed in a row that one at a time is tried until one succeeds", "failures", b.failures, "error", err)
		}
		if b.failures >= breakAfter {
			b.next = time.Now().Add(min(longestGap, firstGap<<min(b.failures-breakAfter, 5)))
		}
	}
}
