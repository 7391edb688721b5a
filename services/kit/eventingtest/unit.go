package eventingtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
)

// What a unit of work under test is told: always the same.
const (
	EventID       = "event"       // the id of the event or request of Case.When; of Case.After "earlier-1", "earlier-2" …
	CorrelationID = "correlation" // of all of them
	Service       = "service"     // the service at work
)

// Now is the time of every unit of work.
var Now = time.Date(2026, time.January, 2, 15, 4, 5, 0, time.UTC)

// Unit is a unit of work: a handler with the event that it hears, or a function that an
// HTTP request starts.
type Unit struct {
	event events.Metadata
	run   func(context.Context, *eventing.Tx) error
}

// Hear returns the unit of work of a handler that hears an event. The event goes through
// JSON, as on the wire.
func Hear[F events.Event](handle func(context.Context, *eventing.Tx, F) error, fact F) Unit {
	var r recorder
	eventing.On(&r, handle)
	contract := fact.Contract()
	return Unit{
		event: events.Metadata{Type: contract.Type, Producer: contract.Producer, Subject: fact.Subject()},
		run: func(ctx context.Context, tx *eventing.Tx) error {
			data, err := json.Marshal(fact)
			if err != nil {
				return fmt.Errorf("encode %s: %w", contract.Type, err)
			}
			return r.handler.Handle(ctx, tx, data)
		},
	}
}

// Do returns a unit of work that has no event as its cause: an HTTP request's.
func Do(run func(context.Context, *eventing.Tx) error) Unit {
	return Unit{event: events.Metadata{Type: "http"}, run: run}
}

type recorder struct{ handler eventing.Handler }

func (r *recorder) Register(h eventing.Handler) { r.handler = h }

// reminder is an event that is due later.
type reminder struct {
	events.Event
	after time.Duration
}

// Remind stands in Case.Then for an event that the handler reminds itself of.
func Remind(after time.Duration, fact events.Event) events.Event {
	return reminder{Event: fact, after: after}
}

var (
	errNoUnit   = errors.New("there is no unit of work: use Hear or Do")
	errUnstable = errors.New("the unit of work came to another end when it ran again over the same state; " +
		"it may keep nothing outside of its transaction, and make up no time or identity of its own")
)

// attempt runs the unit once over a state.
func (u Unit) attempt(ctx context.Context, state eventing.State, id string) (inbox.Commit, error) {
	if u.run == nil {
		return inbox.Commit{}, errNoUnit
	}
	event := u.event
	event.ID, event.CorrelationID, event.OccurredAt = id, CorrelationID, Now
	tx := eventing.NewTx(state, eventing.Cause{Event: event, Handler: event.Type, Producer: Service, Now: Now})
	if err := u.run(ctx, tx); err != nil {
		return inbox.Commit{}, err
	}
	changes, messages, err := tx.Commitment()
	return inbox.Commit{Changes: changes, Record: inbox.Record{Messages: messages}}, errors.Join(err, valid(tx.Contracts(), messages))
}

// valid checks what was said against its contract, as the host does. A contract
// without a schema is a test's own.
func valid(contracts []*events.Contract, messages []events.Message) error {
	for i, contract := range contracts {
		if contract.Schema == nil {
			continue
		}
		if err := schema.Validate(contract, messages[i].Envelope.Data); err != nil {
			return fmt.Errorf("say %s: %w", contract.Type, err)
		}
	}
	return nil
}
