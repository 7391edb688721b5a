// Package unit runs units of work: what the handling of a message and that of a request
// have in common. It needs no AWS.
//
// A Runner commits a unit of work exactly once (package inbox), then publishes its events,
// and writes one log line about it, a step. Whoever brought the message or request
// acknowledges it after that.
package unit

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/trace"
)

var (
	// ErrUnpublished means that a unit of work is committed, but that some of its events are
	// not published yet: a repeat publishes them.
	ErrUnpublished = errors.New("the events are committed, but not all of them are published")
	// ErrMismatch means that the unit of work was committed for another request.
	ErrMismatch = errors.New("the unit of work is another request's")
)

// Publisher sends events: *bus.Bus.
type Publisher interface {
	// Check reports events that could never be sent.
	Check(messages ...events.Message) error
	Publish(ctx context.Context, messages ...events.Message) error
}

// Canceller is a publisher that can cancel reminders: *bus.Bus.
type Canceller interface {
	// Cancel cancels reminders by the IDs of their events.
	Cancel(ctx context.Context, ids ...string) error
}

// Unit is a unit of work: what to do once, and what about.
type Unit struct {
	Key   string         // of its record
	Cause eventing.Cause // without Producer and Now
	Work  eventing.Work
	Store inbox.Driver // of Prefetch, or nil for the runner's
}

// Runner runs a service's units of work.
type Runner struct {
	Manifest *manifest.Manifest
	Store    inbox.Driver
	Payloads bool // whether steps have payloads
	Shown    bool // whether personal data is shown in steps and logs

	personal  schema.Members
	publisher Publisher
	tracer    trace.Tracer
	ready     time.Time // when the process could take its first message
	warm      atomic.Bool
	used      used
}

// New returns a runner for a service that is ready to take messages and requests.
func New(m *manifest.Manifest, store inbox.Driver, publisher Publisher, payloads bool) *Runner {
	return &Runner{Manifest: m, Store: store, Payloads: payloads, personal: Personal(m), publisher: publisher, tracer: otel.Tracer(scope), ready: time.Now()}
}

// Run commits a unit of work unless it is committed already, publishes its events, in both
// cases, and completes its step. It returns the unit's record if it is committed.
func (r *Runner) Run(ctx context.Context, u Unit, step *events.Step) (eventing.Record, error) {
	ctx, cancel := detach(ctx)
	defer cancel()
	store := r.Store
	if u.Store != nil {
		store = u.Store
	}
	var committing time.Time // since when the store commits the last attempt
	var failure error        // of the work itself, in its last run
	done, repeated, err := inbox.Do(ctx, store, u.Key, func(ctx context.Context, tx *eventing.Tx) error {
		committing = time.Time{}
		if failure = r.attempt(ctx, u, tx); failure == nil {
			committing = time.Now()
		}
		return failure
	})
	if !committing.IsZero() {
		r.span(ctx, "commit", committing, err)
	}
	if err != nil && failure == nil { // whether it had its effect is not known
		err = fmt.Errorf("%w: %w", eventing.ErrStore, err)
	}
	if err != nil {
		return done.Record, err
	}
	if repeated && done.Record.Fingerprint != u.Cause.Fingerprint {
		return eventing.Record{}, ErrMismatch
	}
	if !repeated {
		r.used.learn(u.Cause.Event.Metadata, done.Changes)
	}
	r.describe(step, done, repeated)
	return done.Record, r.publish(ctx, done.Record, step)
}

// detach returns a context that ends at the deadline of another and is not cancelled with it:
// a client that leaves after the commit must not keep the events from being published.
func detach(ctx context.Context) (context.Context, context.CancelFunc) {
	free := context.WithoutCancel(ctx)
	if deadline, limited := ctx.Deadline(); limited {
		return context.WithDeadline(free, deadline)
	}
	return context.WithCancel(free)
}

// attempt does the work once and checks its events before they are committed. They carry
// on the trace.
func (r *Runner) attempt(ctx context.Context, u Unit, tx *eventing.Tx) (err error) {
	ctx, span := r.tracer.Start(ctx, "handle "+u.Cause.Handler)
	defer func() { End(ctx, span, err) }()
	defer Recover(ctx, &err)
	cause := u.Cause
	cause.Event.Metadata.Traceparent = traceparent(ctx)
	cause.Producer, cause.Now = r.Manifest.Name, time.Now().UTC().Truncate(time.Millisecond)
	tx.Begin(cause)
	tx.Restrict(r.Manifest.Indexes)
	if err := u.Work(ctx, tx); err != nil {
		return err
	}
	return r.check(tx)
}

// check refuses events that the service does not declare, that break their contract or that
// no channel takes: once committed, they would fail every redelivery.
func (r *Runner) check(tx *eventing.Tx) error {
	commit, err := tx.Commit()
	if err != nil {
		return err
	}
	messages := commit.Record.Messages
	for i, contract := range tx.Contracts() {
		if !r.Manifest.MayPublish(contract.Type) {
			return eventing.Permanent("undeclared-event", fmt.Errorf("the handler publishes %s: add it to \"publishes\" in service.json", contract.Type))
		}
		if err := schema.Validate(contract, messages[i].Envelope.Data); err != nil {
			return eventing.Permanent("invalid-event", fmt.Errorf("publish %s: %w", contract.Type, err))
		}
	}
	if err := r.publisher.Check(messages...); err != nil {
		return eventing.Permanent("unpublishable-event", err)
	}
	return nil
}

// publish sends the events of a unit of work, and then cancels reminders; for a repeated one once more.
func (r *Runner) publish(ctx context.Context, record eventing.Record, step *events.Step) (err error) {
	messages := record.Messages
	if len(messages)+len(record.Cancelled) == 0 {
		return nil
	}
	ctx, span := r.tracer.Start(ctx, "publish", trace.WithSpanKind(trace.SpanKindProducer))
	defer func() { End(ctx, span, err) }()
	started := time.Now()
	if len(messages) > 0 {
		err = r.publisher.Publish(ctx, messages...)
	}
	if canceller, can := r.publisher.(Canceller); can && err == nil && len(record.Cancelled) > 0 {
		err = canceller.Cancel(ctx, record.Cancelled...)
	}
	step.PublishMS = Milliseconds(time.Since(started))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnpublished, err)
	}
	r.describePublished(step, messages)
	step.Cancelled = record.Cancelled
	return nil
}
