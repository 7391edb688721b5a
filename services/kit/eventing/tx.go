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

// MaxReminder is the longest delay of a reminder. EventBridge Scheduler, which keeps those of more than 15 minutes, documents
// no limit but the four digits of a year, so this only refuses what must be a mistake.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#one-time
const MaxReminder = 10 * 366 * 24 * time.Hour

// ErrReminder means that a reminder was for an event of another channel, or too late.
var ErrReminder = errors.New("a reminder takes an event of the queue channel and at most ten years")

// Tx is a unit of work: what a handler reads, saves and publishes, committed at once. Only
// one goroutine may use it.
type Tx struct {
	cause     Cause
	state     State
	changes   map[string]*Change
	order     []string // keys of changes
	unloaded  []string // keys of those that were saved and not loaded
	messages  []events.Message
	contracts []*events.Contract // of the messages
	cancelled []string           // names of reminders
	response  []byte
	err       error

	seen       map[string]Found // by key: what was found first
	indexes    []string         // see Restrict
	restricted bool
}

// NewTx returns an empty unit of work over a state.
func NewTx(state State) *Tx { return &Tx{state: state, changes: map[string]*Change{}} }

// Begin says what the unit of work is about. The host calls it before the handler.
func (tx *Tx) Begin(cause Cause) { tx.cause = cause }

// Event returns the metadata of the event being handled. Its ID is the idempotency key for
// whatever a handler asks of the outside world.
func (tx *Tx) Event() events.Metadata { return tx.cause.Event.Metadata }

// Now returns the time of the unit of work, the same throughout.
func (tx *Tx) Now() time.Time { return tx.cause.Now }

// Load reads the document with the key of doc into doc, and reports whether there is one.
// The commit fails, and the work runs again, if the document has changed by then.
func (tx *Tx) Load(ctx context.Context, doc Document) (bool, error) {
	key := doc.Key()
	change, known := tx.known(key)
	if !known {
		body, version, err := tx.state.Read(ctx, key)
		if err != nil {
			return false, fmt.Errorf("load %s: %w: %w", key, ErrStore, err)
		}
		change = tx.add(&Change{Key: key, Version: version, Before: body})
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

// Save writes a document when the unit of work commits, with its entries if it is Indexed. A
// document that was neither loaded nor found before must not exist.
func (tx *Tx) Save(doc Document) {
	key := doc.Key()
	body, err := json.Marshal(doc)
	if err != nil {
		tx.fail(fmt.Errorf("save %s: %w", key, err))
		return
	}
	entries, err := entriesOf(doc)
	for _, entry := range entries {
		err = errors.Join(err, tx.declared(entry.Index))
	}
	if err != nil {
		tx.fail(fmt.Errorf("save %s: %w", key, err))
		return
	}
	change, known := tx.known(key)
	if !known {
		change = tx.add(&Change{Key: key})
		tx.unloaded = append(tx.unloaded, key)
	}
	change.Body, change.Entries = body, entries
}

// CheckUnloaded returns a permanent ErrUnloaded if a document exists that was saved without
// being loaded. Its commit would fail with every run; the store asks after the first.
func (tx *Tx) CheckUnloaded(ctx context.Context) error {
	for _, key := range tx.unloaded {
		body, _, err := tx.state.Read(ctx, key)
		if err != nil {
			return fmt.Errorf("look for %s: %w", key, err)
		}
		if body != nil {
			return Permanent("unloaded-document", fmt.Errorf("save %s: %w", key, ErrUnloaded))
		}
	}
	return nil
}

// Publish publishes events once the unit of work has committed.
func (tx *Tx) Publish(published ...events.Event) {
	for _, event := range published {
		tx.publish(event, time.Time{})
	}
}

// Remind publishes an event of the queue channel to the service itself, after a delay, and returns the reminder's name: the
// event's ID. Up to 15 minutes SQS delays it, to the second. A longer one is kept by EventBridge Scheduler, which sends it
// within a minute; the service's main passes host.WithReminders for it.
func (tx *Tx) Remind(after time.Duration, event events.Event) (name string) {
	if event.Contract().Channel != events.Queue || after > MaxReminder {
		tx.fail(fmt.Errorf("remind of %s in %s: %w", event.Contract().Type, after, ErrReminder))
		return ""
	}
	return tx.publish(event, tx.cause.Now.Add(after))
}

// Cancel cancels a reminder of more than 15 minutes by the name that Remind returned, once the unit of work has committed. It
// saves the service a message, and promises no more: a reminder of up to 15 minutes can't be cancelled, one that is due now
// may be on its way, and a redelivery of what asked for it makes it again. So the handler of a reminder looks at its state.
// It does nothing if there is no such reminder.
func (tx *Tx) Cancel(name string) {
	if name != "" {
		tx.cancelled = append(tx.cancelled, name)
	}
}

// Respond keeps the response to a request with the unit of work, for package web.
func (tx *Tx) Respond(response []byte) { tx.response = response }

// publish seals an event. Its id follows from its cause, so that a repeat can't make a
// second event of it.
func (tx *Tx) publish(event events.Event, due time.Time) (id string) {
	if outside := event.Contract().Outside; outside != nil {
		tx.fail(Permanent("event-from-outside", fmt.Errorf("publish %s: %w: its source is %s", event.Contract().Type, ErrOutside, outside.Source)))
		return ""
	}
	cause := tx.cause
	message, err := events.Seal(event, events.Metadata{
		ID:            events.DeriveID(cause.Event.Metadata.ID, cause.Producer+"/"+cause.Handler, len(tx.messages)),
		CorrelationID: cause.Event.Metadata.CorrelationID,
		CausationID:   cause.Event.Metadata.ID,
		OccurredAt:    cause.Now,
		Traceparent:   cause.Event.Metadata.Traceparent,
	})
	if err != nil {
		tx.fail(err)
		return ""
	}
	message.Due = due
	tx.messages = append(tx.messages, message)
	tx.contracts = append(tx.contracts, event.Contract())
	return message.Envelope.Metadata.ID
}

// Commit returns what the store is to commit, or what Save, Publish and Remind could not do.
func (tx *Tx) Commit() (Commit, error) {
	commit := Commit{Record: Record{Messages: slices.Clone(tx.messages), Cancelled: slices.Clone(tx.cancelled), Fingerprint: tx.cause.Fingerprint, Response: tx.response}}
	for _, key := range tx.order {
		commit.Changes = append(commit.Changes, *tx.changes[key])
	}
	return commit, tx.err
}

// Contracts returns the contract of each message of Commit, in the same order.
func (tx *Tx) Contracts() []*events.Contract { return slices.Clone(tx.contracts) }

// known returns what the unit of work knows of a document that it has loaded, saved or found.
func (tx *Tx) known(key string) (*Change, bool) {
	if change, known := tx.changes[key]; known {
		return change, true
	}
	if found, seen := tx.seen[key]; seen {
		return tx.add(&Change{Key: key, Version: found.Version, Before: found.Body}), true
	}
	return nil, false
}

func (tx *Tx) add(change *Change) *Change {
	tx.changes[change.Key] = change
	tx.order = append(tx.order, change.Key)
	return change
}

func (tx *Tx) fail(err error) { tx.err = errors.Join(tx.err, err) }
