// Package invariant is what a domain's invariants are written with: what must be true of the whole system when nothing
// moves any more, whatever crashed, was repeated or came out of order before.
//
// A system that has some puts them into a package services/invariants:
//
//	func Check(w *invariant.World) []invariant.Violation
//
// The simulation (make sim) and the fault tests (make test-faults) call it. A fake of an outside system that a service has
// in its process may remember what it did, in a public package of the service; Check can then read it in the simulation,
// where everything is one process, and
//
//	func Reset()
//
// makes it forget, before each run.
//
// What is true of any system is checked without it: an id has one content, each event has a cause that was seen, a request
// has one answer, everything settles, and dead letters are expected and have a reason.
package invariant

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"example.com/troupe/events"
)

// World is what can be seen of a system from outside, when nothing moves.
type World struct {
	// Published are the events that were accepted by the bus, a topic or a queue, in order and with repeats. One that
	// was published by nobody's handler, but by a story or a test, has no CausationID.
	Published []events.Envelope
	Documents map[string]map[string]json.RawMessage // what services saved, by service and Document.Key
	Databases map[string]*sql.DB                    // of the services with the store sql
	Requests  []Request                             // but for GET, that were answered with less than 400; each once
}

// Request is a request to the HTTP API, and its answer.
type Request struct {
	Method string
	Path   string
	Body   []byte
	Status int
	Answer []byte
}

// Violation is an invariant that does not hold.
type Violation struct {
	Invariant string // "an order has one end"
	Subject   string // of the events that it is about; "" for none
	Detail    string
}

func (v Violation) String() string {
	return strings.TrimSpace(v.Invariant + ": " + strings.TrimSpace(v.Subject+" "+v.Detail))
}

// Violations gathers what does not hold.
type Violations []Violation

// Add notes that an invariant does not hold.
func (v *Violations) Add(invariant, subject, format string, args ...any) {
	*v = append(*v, Violation{Invariant: invariant, Subject: subject, Detail: fmt.Sprintf(format, args...)})
}

// Documents returns the documents of a service whose keys begin with a prefix, by the rest of their keys.
func Documents[T any](w *World, service, prefix string) (map[string]T, error) {
	found := map[string]T{}
	for key, body := range w.Documents[service] {
		id, ok := strings.CutPrefix(key, prefix)
		if !ok {
			continue
		}
		var document T
		if err := json.Unmarshal(body, &document); err != nil {
			return nil, fmt.Errorf("read document %s of %s: %w", key, service, err)
		}
		found[id] = document
	}
	return found, nil
}
