// Package inbox gives every acknowledged event its effect exactly once.
//
// A handler's changes, its idempotency record and the events it publishes are committed
// in one transaction. The record is keyed by handler and event id, and holds the events
// with their ids. Publishing and acknowledging come after that, in this order (package
// unit). A redelivery finds the record: the handler does not run again, and the same
// events go out once more. So the message that is not yet acknowledged is the outbox.
//
// A record holds whole events, and a request's answer, for Retention: personal data too. The
// runbook (terraform/RUNBOOK.md) says what erasing a person takes.
//
// Do is the portable part; a Driver adapts a database. Package eventingtest has the
// drivers' conformance suite.
package inbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"example.com/troupe/services/kit/eventing"
)

// Retention is how long a record is kept. It is longer than every way in which an event
// can come back: queue (14 days at most), dead-letter queue (14) and archive, whose
// retention Terraform checks.
const Retention = 120 * 24 * time.Hour

// MaxAttempts bounds the runs of a unit of work whose commits fail because of others.
const MaxAttempts = 10

var (
	// ErrConflict means that what a unit of work read has changed: run it again.
	ErrConflict = errors.New("the state changed while the unit of work ran")
	// ErrDuplicate means that another delivery committed the same unit of work.
	ErrDuplicate = errors.New("the unit of work is committed already")
)

// Driver adapts a database. Its Read, outside of a transaction, serves queries.
type Driver interface {
	eventing.State
	// Find returns the record with a key, or nil.
	Find(ctx context.Context, key string) (*eventing.Record, error)
	// Try runs the work once (Work.Run), commits it under its key and returns what it
	// committed, or fails with ErrConflict, ErrDuplicate, the work's own error or the
	// database's.
	Try(ctx context.Context, key string, work eventing.Work) (eventing.Commit, error)
	Close() error
}

// Prefetcher is a driver that reads for many units of work with one call.
type Prefetcher interface {
	// Prefetch reads records and documents by their keys.
	Prefetch(ctx context.Context, records, documents []string) (Prefetched, error)
}

// Prefetched is a driver that has read ahead. Share moves a record and documents to the driver
// of one unit of work, which takes them from there when it asks for them first. Fresh returns
// a driver that reads for itself.
type Prefetched interface {
	Driver
	Share(record string, documents []string) Prefetched
	Fresh() Driver
}

// Do runs a unit of work unless it is committed already. It returns what was committed,
// and whether an earlier run did; of that only the record is known. An error over documents
// that were prefetched may come from their being out of date, so the unit runs again over
// fresh ones before the error counts.
func Do(ctx context.Context, driver Driver, key string, work eventing.Work) (done eventing.Commit, repeated bool, err error) {
	var last error
	unloaded := false // whether a run has ended with eventing.ErrUnloaded
	for attempt := range MaxAttempts {
		if err := Pause(ctx, key, attempt); err != nil {
			return done, false, fmt.Errorf("unit of work %s: %w", key, err)
		}
		earlier, err := driver.Find(ctx, key)
		if err != nil {
			return done, false, fmt.Errorf("find unit of work %s: %w", key, err)
		}
		if earlier != nil {
			return eventing.Commit{Record: *earlier}, true, nil
		}
		done, last = driver.Try(ctx, key, work)
		if last == nil {
			return done, false, nil
		}
		if attempt == 0 {
			work = checked(work)
		}
		switch prefetched, ok := driver.(Prefetched); {
		case ok:
			driver = prefetched.Fresh()
		case errors.Is(last, eventing.ErrUnloaded) && !unloaded:
			unloaded = true // unless a duplicate has saved the document: then its record is there now
		case !errors.Is(last, ErrConflict) && !errors.Is(last, ErrDuplicate):
			return done, false, last
		}
	}
	return done, false, fmt.Errorf("unit of work %s, after %d attempts: %w", key, MaxAttempts, last)
}

// checked returns work that also finds documents whose saving must conflict.
func checked(work eventing.Work) eventing.Work {
	return func(ctx context.Context, tx *eventing.Tx) error {
		if err := work(ctx, tx); err != nil {
			return err
		}
		return tx.CheckUnloaded(ctx)
	}
}
