package bus

import (
	"context"
	"errors"

	"example.com/troupe/events"
)

// driver is one kind of bus.
type driver interface {
	// limits are those of one call.
	limits() limits
	// destination is where an event goes: a call has one.
	destination(events.Metadata) string
	// size is what the wire counts an entry as, in bytes.
	size(entry) int
	// send makes one call, and returns what became of each entry, in their order. An
	// error says that none was accepted.
	send(ctx context.Context, destination string, batch []entry) ([]result, error)
}

// limits are what one call can hold. On every wire they also limit a single entry.
type limits struct {
	entries int
	bytes   int
}

// entry is a message as it goes out.
type entry struct {
	events.Message
	body string // the envelope, as JSON
}

// result is what became of an entry. Without an error it was accepted.
type result struct {
	err       error
	transient bool // another try may mend it
}

var errUnanswered = errors.New("the answer does not mention the event")

// unanswered are the results of entries that an answer has yet to mention.
func unanswered(n int) []result {
	results := make([]result, n)
	for i := range results {
		results[i] = result{err: errUnanswered, transient: true}
	}
	return results
}
