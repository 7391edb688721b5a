package eventing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"example.com/troupe/events"
)

// MaxReminder is the longest delay of a reminder: SQS delays a message by 15
// minutes at most. For longer ones let EventBridge Scheduler send the event.
const MaxReminder = 15 * time.Minute

// ErrReminder says that a reminder was asked for an event of another channel, or
// for too late a time.
var ErrReminder = errors.New("a reminder takes an event of the queue channel and at most 15 minutes")

// Document is a piece of a service's state: a domain object under a key. Its
// exported fields are stored as JSON.
type Document interface {
	Key() string // "payment/o-7f3a"
}

// State is where documents are read. Version 0 says that there is none.
type State interface {
	Read(ctx context.Context, key string) (body []byte, version int64, err error)
}

// Change is what a unit of work does to one document when it commits. Version is
// the one that was read and must still be there; a nil Body only checks that.
type Change struct {
	Key     string
	Version int64
	Before  []byte
	Body    []byte
}

// Cause is what a unit of work is about: the event or the request to handle.
type Cause struct {
	Event    events.Metadata
	Handler  string    // the stable part of the unit's key: the type of the event
	Producer string    // the service at work
	Now      time.Time // the unit's only time
}

// Tx is a unit of work: what a handler reads, saves and says, committed at once.
// It is used by one goroutine.
type Tx struct {
	cause    Cause
	state    State
	changes  map[string]*Change
	order    []string
	messages []events.Message
	said     []*events.Contract // of each message
	err      error
}

// NewTx returns an empty unit of work over a state.
func NewTx(state State, cause Cause) *Tx {
	return &Tx{cause: cause, state: state, changes: map[string]*Change{}}
}

// Event returns the metadata of the event at hand. Its ID is the idempotency key for
// whatever a handler asks of the outside world.
func (tx *Tx) Event() events.Metadata { return tx.cause.Event }

// Now returns the time of the unit of work: the same for all it does.
func (tx *Tx) Now() time.Time { return tx.cause.Now }

// Load reads the document with the key of doc into doc, and tells whether there
// is one. What was read must still be true when the unit of work commits.
func (tx *Tx) Load(ctx context.Context, doc Document) (bool, error) {
	key := doc.Key()
	change, known := tx.changes[key]
	if !known {
		body, version, err := tx.state.Read(ctx, key)
		if err != nil {
			return false, fmt.Errorf("load %s: %w", key, err)
		}
		change = &Change{Key: key, Version: version, Before: body}
		tx.remember(change)
	}
	body := change.Before
	if change.Body != nil {
		body = change.Body
	}
	if body == nil {
		return false, nil
	}
	if err := json.Unmarshal(body, doc); err != nil {
		return false, fmt.Errorf("load %s: %w", key, err)
	}
	return true, nil
}

// Save writes a document when the unit of work commits. One that was not loaded
// before must not exist.
func (tx *Tx) Save(doc Document) {
	key := doc.Key()
	body, err := json.Marshal(doc)
	if err != nil {
		tx.fail(fmt.Errorf("save %s: %w", key, err))
		return
	}
	if _, known := tx.changes[key]; !known {
		tx.remember(&Change{Key: key})
	}
	tx.changes[key].Body = body
}

// Publish says events when the unit of work is committed.
func (tx *Tx) Publish(facts ...events.Event) {
	for _, fact := range facts {
		tx.say(fact, time.Time{})
	}
}

// Remind says an event of the queue channel to the service itself, after a delay.
func (tx *Tx) Remind(after time.Duration, fact events.Event) {
	if fact.Contract().Channel != events.Queue || after > MaxReminder {
		tx.fail(fmt.Errorf("remind of %s in %s: %w", fact.Contract().Type, after, ErrReminder))
		return
	}
	tx.say(fact, tx.cause.Now.Add(after))
}

func (tx *Tx) say(fact events.Event, due time.Time) {
	cause := tx.cause
	message, err := events.Seal(fact, events.Metadata{
		ID:            events.DeriveID(cause.Event.ID, cause.Producer+"/"+cause.Handler, len(tx.messages)),
		CorrelationID: cause.Event.CorrelationID,
		CausationID:   cause.Event.ID,
		OccurredAt:    cause.Now,
		Traceparent:   cause.Event.Traceparent,
	})
	if err != nil {
		tx.fail(err)
		return
	}
	message.Due = due
	tx.messages = append(tx.messages, message)
	tx.said = append(tx.said, fact.Contract())
}

// Commitment returns what the unit of work comes to: for the inbox, after the
// handler. It reports what Save, Publish and Remind could not take.
func (tx *Tx) Commitment() ([]Change, []events.Message, error) {
	changes := make([]Change, 0, len(tx.order))
	for _, key := range tx.order {
		changes = append(changes, *tx.changes[key])
	}
	return changes, slices.Clone(tx.messages), tx.err
}

// Contracts returns the contract of each event that was said, in the order of
// Commitment's messages: what leaves is checked against it.
func (tx *Tx) Contracts() []*events.Contract { return slices.Clone(tx.said) }

func (tx *Tx) remember(change *Change) {
	tx.changes[change.Key] = change
	tx.order = append(tx.order, change.Key)
}

func (tx *Tx) fail(err error) {
	tx.err = errors.Join(tx.err, err)
}
