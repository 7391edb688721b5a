// Package fifo implements what FIFO queues and FIFO topics share: sequence numbers and deduplication.
package fifo

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strconv"
	"time"
)

// Window is how long a deduplication id is remembered. Source: Amazon SQS Developer Guide, "Exactly-once processing".
const Window = 5 * time.Minute

var validID = regexp.MustCompile(`^[!-~]{1,128}$`)

// ValidID reports whether an id of a group or for deduplication has a form that AWS allows. Source: API reference of SQS,
// SendMessage, and of SNS, Publish.
func ValidID(id string) bool { return validID.MatchString(id) }

// Sequence returns the sequence number of the n-th message. Like AWS's, it has 20 digits, so sequence numbers can be
// compared as text.
func Sequence(n uint64) string {
	const first = 10_000_000_000_000_000_000
	return strconv.FormatUint(first+n, 10)
}

// ContentID returns the deduplication id that is derived from a message's body.
func ContentID(body string) string {
	sum := sha256.Sum256([]byte(body))
	return hex.EncodeToString(sum[:])
}

// Recent maps the deduplication ids of the last five minutes to values. The zero value is ready to use. It is not
// safe for concurrent use.
type Recent[T any] struct {
	Forgotten func(id string) // if set, is called for each id that is forgotten

	known  map[string]T
	oldest []seen
}

type seen struct {
	id string
	at time.Time
}

// Find returns the value of an id if it was remembered recently enough.
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

// Clear forgets all ids.
func (r *Recent[T]) Clear() {
	for len(r.oldest) > 0 {
		r.forget()
	}
}

// Remember records an id with a value. The id must not be known.
func (r *Recent[T]) Remember(id string, value T, now time.Time) {
	if r.known == nil {
		r.known = map[string]T{}
	}
	r.known[id] = value
	r.oldest = append(r.oldest, seen{id, now})
}
