// Package fifo is what FIFO queues and FIFO topics share: sequence numbers, and the
// memory by which they drop duplicates.
package fifo

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"
)

// Window is for how long a deduplication id is remembered. Source: Amazon SQS Developer Guide,
// "Exactly-once processing".
const Window = 5 * time.Minute

// Sequence returns the sequence number of the n-th message: of 20 digits, as AWS's are, so
// that they can be compared as text.
func Sequence(n uint64) string {
	const first = 10_000_000_000_000_000_000
	return strconv.FormatUint(first+n, 10)
}

// ContentID is the deduplication id that follows from a message's body.
func ContentID(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}

// Recent remembers what became of the messages of the last five minutes, by their
// deduplication ids. Its zero value is ready; its user keeps it from concurrent use.
type Recent[T any] struct {
	Forgotten func(id string) // where set, is told each id that is remembered no more

	known  map[string]T
	oldest []seen
}

type seen struct {
	id string
	at time.Time
}

// Find returns what the id was last used for, if that is not too long ago.
func (r *Recent[T]) Find(id string, now time.Time) (known T, ok bool) {
	for len(r.oldest) > 0 && !r.oldest[0].at.Add(Window).After(now) {
		r.forget()
	}
	known, ok = r.known[id]
	return known, ok
}

func (r *Recent[T]) forget() {
	id := r.oldest[0].id
	delete(r.known, id)
	r.oldest = r.oldest[1:]
	if r.Forgotten != nil {
		r.Forgotten(id)
	}
}

// Clear forgets everything.
func (r *Recent[T]) Clear() {
	for len(r.oldest) > 0 {
		r.forget()
	}
}

// Remember keeps what an id was used for. The id must not be known.
func (r *Recent[T]) Remember(id string, value T, now time.Time) {
	if r.known == nil {
		r.known = map[string]T{}
	}
	r.known[id] = value
	r.oldest = append(r.oldest, seen{id, now})
}
