// Package inbox gives every acknowledged event its effect exactly once.
//
// The changes of a handler, its idempotency record and the events it says are
// committed in one transaction; the record is found by handler and event id, and
// holds the events complete with their ids. Publishing and acknowledging come
// after, in that order (package host). A redelivery finds the record, so the handler is
// not run again and the same events go out once more: the message that is not yet
// acknowledged is the outbox.
//
// The portable part is Inbox; a Driver is what a database has to do for it.
// Package eventingtest holds the drivers' conformance suite.
package inbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/services/kit/eventing"
)

// Retention is how long a record is kept. It is longer than every way in which
// an event can come back: queue (14 days at most), dead-letter queue (14) and
// archive; Terraform checks the archive's.
const Retention = 120 * 24 * time.Hour

// MaxAttempts bounds the runs of a unit of work whose reads went stale.
const MaxAttempts = 10

var (
	// ErrConflict says that what a unit of work read has changed meanwhile: run it again.
	ErrConflict = errors.New("the state changed while the unit of work ran")
	// ErrDuplicate says that another delivery committed the same unit of work.
	ErrDuplicate = errors.New("the unit of work is committed already")
)

// Record is the result of a unit of work, kept so that a repeat returns it.
type Record struct {
	Messages    []events.Message `json:"messages,omitempty"`
	Fingerprint string           `json:"fingerprint,omitempty"` // HTTP: of the request that made it
	Response    []byte           `json:"response,omitempty"`    // HTTP: the response as it was
}

// Commit is what a unit of work writes.
type Commit struct {
	Changes []eventing.Change
	Record  Record
}

// Work is a unit of work over the state of its transaction. It may run more
// than once; only the last run counts.
type Work func(ctx context.Context, state eventing.State) (Commit, error)

// Driver is a database. Read outside of a transaction serves queries.
type Driver interface {
	eventing.State
	// Find returns the record with a key, or nil where there is none.
	Find(ctx context.Context, key string) (*Record, error)
	// Try runs the work once and commits it with its record, or fails with
	// ErrConflict, ErrDuplicate, the work's own error or the database's.
	Try(ctx context.Context, key string, work Work) error
	Close() error
}

// Inbox runs units of work.
type Inbox struct {
	Driver
}

// Do runs a unit of work unless it is committed already, and returns its record
// and whether that was an earlier run's.
func (b Inbox) Do(ctx context.Context, key string, ahead Ahead, work Work) (record Record, repeated bool, err error) {
	var stale error
	for attempt := range MaxAttempts {
		if err := Pause(ctx, key, attempt); err != nil {
			return Record{}, false, fmt.Errorf("unit of work %s: %w", key, err)
		}
		earlier, err := b.find(ctx, key, ahead)
		if err != nil {
			return Record{}, false, fmt.Errorf("find unit of work %s: %w", key, err)
		}
		if earlier != nil {
			return *earlier, true, nil
		}
		stale = b.Try(ctx, key, func(ctx context.Context, state eventing.State) (Commit, error) {
			commit, err := work(ctx, ahead.over(state))
			record = commit.Record
			return commit, err
		})
		if stale == nil {
			return record, false, nil
		}
		if !errors.Is(stale, ErrConflict) && !errors.Is(stale, ErrDuplicate) {
			return Record{}, false, stale
		}
		ahead = Ahead{}
	}
	return Record{}, false, fmt.Errorf("unit of work %s, after %d attempts: %w", key, MaxAttempts, stale)
}
