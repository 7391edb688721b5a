package bus

import (
	"context"
	"errors"

	"example.com/troupe/events"
)

// driver implements one kind of bus.
type driver interface {
	// limits returns the limits of one call.
	limits() limits
	// destination returns where an event is sent. A call has one destination.
	destination(events.Metadata) string
	// size returns the size that the service counts for an entry, in bytes.
	size(entry) int
	// send makes one call and returns the result of each entry, in order. If it returns an error, no entry was
	// accepted.
	send(ctx context.Context, destination string, batch []entry) ([]result, error)
}

// limits are the limits of one call. The bytes also limit a single entry.
type limits struct {
	entries int
	bytes   int
}

// entry is a message ready to be sent.
type entry struct {
	events.Message
	body string // the envelope as JSON
}

// result is the result of an entry. Without an error it was accepted.
type result struct {
	err       error
	transient bool // a retry may succeed
}

var errUnanswered = errors.New("the response does not mention the event")

// unanswered returns the results of n entries before the response is read.
func unanswered(n int) []result {
	results := make([]result, n)
	for i := range results {
		results[i] = result{err: errUnanswered, transient: true}
	}
	return results
}
