package eventingtest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
	"example.com/troupe/services/kit/eventing"
)

// What every unit of work under test is given.
const (
	EventID       = "event"       // of Case.When; the ids of Case.After are "earlier-1", "earlier-2" …
	CorrelationID = "correlation" // of all of them
	Service       = "service"     // the service at work
)

// Now is the time of every unit of work that has no other; see Unit.At.
var Now = time.Date(2026, time.January, 2, 15, 4, 5, 0, time.UTC)

// Unit is a unit of work: a handler with the event that it handles, or a function that an
// HTTP request starts.
type Unit struct {
	event events.Envelope
	work  eventing.Work
	at    time.Time // zero is Now
}

// At returns the unit of work at another time than Now.
func (u Unit) At(now time.Time) Unit {
	u.at = now
	return u
}

// Hear returns the unit of work of a handler and an event. The event goes through JSON, as
// on the wire.
func Hear[E events.Event](handle func(context.Context, *eventing.Tx, E) error, event E) Unit {
	var r recorder
	eventing.On(&r, handle)
	sealed, err := events.Seal(event, events.Metadata{})
	if err != nil {
		return Unit{work: func(context.Context, *eventing.Tx) error { return err }}
	}
	return Unit{event: sealed.Envelope, work: r.handler.Handle}
}

// Do returns a unit of work whose cause is an HTTP request.
func Do(work func(context.Context, *eventing.Tx) error) Unit {
	return Unit{event: events.Envelope{Metadata: events.Metadata{Type: "http"}}, work: work}
}

type recorder struct{ handler eventing.Handler }

func (r *recorder) Register(h eventing.Handler) { r.handler = h }

// reminder is an event that is due later.
type reminder struct {
	events.Event
	after time.Duration
}

// Remind returns a reminder for Case.Then.
func Remind(after time.Duration, event events.Event) events.Event {
	return reminder{Event: event, after: after}
}

// ReminderName returns the name that Remind returns to a unit of work, for documents that keep it and for Case.Cancels. The
// unit is EventID, or "earlier-1" … of Case.After; it handles a type of event, or "http"; and the reminder has a position
// among the events that it publishes, from 0.
func ReminderName(unit, handles string, position int) string {
	return events.DeriveID(unit, Service+"/"+handles, position)
}

var (
	errNoUnit   = errors.New("there is no unit of work: use Hear or Do")
	errUnstable = errors.New("the unit of work had another result when it ran again over the same state; " +
		"it may keep nothing outside its transaction, and take time and identity only from it")
)

// attempt returns the work of the unit with its cause and the host's checks.
func (u Unit) attempt(id string) eventing.Work {
	return func(ctx context.Context, tx *eventing.Tx) error {
		if u.work == nil {
			return errNoUnit
		}
		event, now := u.event, u.at
		if now.IsZero() {
			now = Now
		}
		event.Metadata.ID, event.Metadata.CorrelationID, event.Metadata.OccurredAt = id, CorrelationID, now
		tx.Begin(eventing.Cause{Event: event, Handler: event.Metadata.Type, Producer: Service, Now: now})
		if err := u.work(ctx, tx); err != nil {
			return err
		}
		return valid(tx)
	}
}

// valid checks published events against their contracts, as the host does. A contract
// without a schema is a test's own.
func valid(tx *eventing.Tx) error {
	commit, err := tx.Commit()
	for i, contract := range tx.Contracts() {
		if contract.Schema == nil {
			continue
		}
		if invalid := schema.Validate(contract, commit.Record.Messages[i].Envelope.Data); invalid != nil {
			err = errors.Join(err, fmt.Errorf("publish %s: %w", contract.Type, invalid))
		}
	}
	return err
}
