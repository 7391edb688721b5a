package eventing

import (
	"context"
	"time"

	"example.com/troupe/events"
)

// Document is a piece of a service's state: a domain object under a key. Its exported
// fields are stored as JSON.
type Document interface {
	Key() string // "berth/b-7f3a"
}

// State reads documents. Version 0 means that there is none.
type State interface {
	Read(ctx context.Context, key string) (body []byte, version int64, err error)
	// Search returns documents by their entries in an index, as committed, and whether there are more after them.
	Search(ctx context.Context, search Search) (found []Found, more bool, err error)
}

// Change is what a unit of work does to one document when it commits. The document must
// still be at Version, the version that was read; a nil Body only checks that.
type Change struct {
	Key     string
	Version int64
	Before  []byte
	Body    []byte
	Entries []Entry // all that the document has from now on, with a Body; nil if its type is not Indexed
}

// Record is kept with a unit of work that committed, so that a repeat returns the same.
type Record struct {
	Messages    []events.Message `json:"messages,omitempty"`    // what it published
	Cancelled   []string         `json:"cancelled,omitempty"`   // names of reminders
	Fingerprint string           `json:"fingerprint,omitempty"` // HTTP: of the request
	Response    []byte           `json:"response,omitempty"`    // HTTP: the response
}

// Commit is what a store commits for a unit of work, in one transaction.
type Commit struct {
	Changes []Change
	Record  Record
}

// Cause is what a unit of work is about.
type Cause struct {
	Event       events.Envelope // the event; of a request only the metadata
	Handler     string          // the stable part of the unit's key: the type of the event, or the route
	Producer    string          // the service at work
	Fingerprint string          // HTTP: of the request
	Now         time.Time       // the time of the unit of work
}

// Run runs the work once over a state, and returns what to commit: for a store.
func (work Work) Run(ctx context.Context, state State) (Commit, error) {
	tx := NewTx(state)
	if err := work(ctx, tx); err != nil {
		return Commit{}, err
	}
	return tx.Commit()
}
