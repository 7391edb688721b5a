package host

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync/atomic"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
	"go.opentelemetry.io/otel/trace"
)

// errUnpublished says that a unit of work is committed and some of its events are not
// out yet: a repeat publishes them.
var errUnpublished = errors.New("the events are committed, but not all of them are published")

// publisher sends events out: *bus.Bus.
type publisher interface {
	// Check reports events that could never be sent.
	Check(messages ...events.Message) error
	Publish(ctx context.Context, messages ...events.Message) error
}

// units commits units of work and publishes what they said: what the handling of a
// message and that of a request have in common.
type units struct {
	manifest  *manifest.Manifest
	inbox     inbox.Inbox
	ahead     inbox.AheadReader // nil where the database is none
	publisher publisher
	tracer    trace.Tracer
	payloads  bool // TRACE_PAYLOADS
	habits    habits
	warm      atomic.Bool
	ready     time.Time // when the process could take its first message
}

// work runs the service's code, and returns what the record is to hold besides events.
type work func(ctx context.Context, tx *eventing.Tx) (inbox.Record, error)

// result is a committed unit of work.
type result struct {
	record   inbox.Record
	repeated bool              // committed by an earlier run
	changes  []eventing.Change // of this run
}

// commit runs a unit of work unless it is committed already.
func (u *units) commit(ctx context.Context, key string, ahead inbox.Ahead, cause eventing.Cause, run work) (result, error) {
	var changes []eventing.Change
	record, repeated, err := u.inbox.Do(ctx, key, ahead, func(ctx context.Context, state eventing.State) (commit inbox.Commit, err error) {
		ctx, span := u.tracer.Start(ctx, "handle "+cause.Handler)
		defer func() { end(span, err) }()
		commit, err = u.attempt(ctx, state, cause, run)
		changes = commit.Changes
		return commit, err
	})
	if repeated {
		changes = nil
	}
	u.habits.learn(cause.Event, changes)
	return result{record: record, repeated: repeated, changes: changes}, err
}

// attempt runs the work once over a state. What it says carries the trace onwards, and is
// checked before it is committed: nothing invalid leaves.
func (u *units) attempt(ctx context.Context, state eventing.State, cause eventing.Cause, run work) (inbox.Commit, error) {
	cause.Event.Traceparent = traceparent(ctx)
	cause.Now = time.Now().UTC().Truncate(time.Millisecond)
	tx := eventing.NewTx(state, cause)
	record, err := protect(ctx, tx, run)
	if err != nil {
		return inbox.Commit{}, err
	}
	changes, messages, err := tx.Commitment()
	if err != nil {
		return inbox.Commit{}, err
	}
	record.Messages = messages
	return inbox.Commit{Changes: changes, Record: record}, u.check(tx.Contracts(), messages)
}

// protect turns a panic of the service's code into an error of its unit of work.
func protect(ctx context.Context, tx *eventing.Tx, run work) (record inbox.Record, err error) {
	defer func() {
		if value := recover(); value != nil {
			slog.ErrorContext(ctx, "panic", "panic", fmt.Sprint(value), "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", value)
		}
	}()
	return run(ctx, tx)
}

// check refuses events that the service does not declare, that break their contract, or that
// no wire would take: once committed they would be in the way of every redelivery.
func (u *units) check(contracts []*events.Contract, messages []events.Message) error {
	for i, contract := range contracts {
		if !u.manifest.MayPublish(contract.Type) {
			return eventing.Permanent("undeclared-event", fmt.Errorf("%s is said, but is not in \"publishes\" of service.json", contract.Type))
		}
		if err := schema.Validate(contract, messages[i].Envelope.Data); err != nil {
			return eventing.Permanent("invalid-event", fmt.Errorf("say %s: %w", contract.Type, err))
		}
	}
	if err := u.publisher.Check(messages...); err != nil {
		return eventing.Permanent("unpublishable-event", err)
	}
	return nil
}

// publish sends the events of a unit of work, those of a repeated one once more.
func (u *units) publish(ctx context.Context, messages []events.Message, step *events.Step) (err error) {
	if len(messages) == 0 {
		return nil
	}
	ctx, span := u.tracer.Start(ctx, "publish", trace.WithSpanKind(trace.SpanKindProducer))
	defer func() { end(span, err) }()
	started := time.Now()
	err = u.publisher.Publish(ctx, messages...)
	step.PublishMS = milliseconds(time.Since(started))
	if err != nil {
		return fmt.Errorf("%w: %w", errUnpublished, err)
	}
	u.said(step, messages)
	return nil
}
