// Package tap tells what happens in the local cloud, hop by hop, to whoever
// listens: the console, the story tests, a person who follows an execution.
//
// Listening never slows the work: a slow listener loses hops, and is told how
// many.
package tap

import (
	"sync"
	"sync/atomic"
	"time"
)

// Kind is what happened at a hop.
type Kind string

// The kinds of hops.
const (
	Published    Kind = "published"     // a bus or topic accepted an event
	Matched      Kind = "matched"       // a rule or filter policy let it through
	Skipped      Kind = "skipped"       // a rule or filter policy did not; Note says which field
	Delivered    Kind = "delivered"     // it reached a queue, function or endpoint
	Undelivered  Kind = "undelivered"   // it did not; Note says why
	Received     Kind = "received"      // a consumer took a message
	Deleted      Kind = "deleted"       // a consumer acknowledged it
	DeadLettered Kind = "dead-lettered" // it moved to a dead-letter queue
	Invoked      Kind = "invoked"       // a function began
	Returned     Kind = "returned"      // a function ended; Note holds its error
	Logged       Kind = "logged"        // a function wrote a line: Body
	Denied       Kind = "denied"        // a caller lacked a permission
)

// Hop is one thing that happened to one message, function or caller.
type Hop struct {
	Seq       uint64    `json:"seq"` // 1, 2, 3 … since the tap has listeners: a gap is a loss
	Time      time.Time `json:"time"`
	Kind      Kind      `json:"kind"`
	Resource  string    `json:"resource"`            // ARN of the bus, rule, topic, queue, function
	From      string    `json:"from,omitempty"`      // ARN of where it came from
	MessageID string    `json:"messageId,omitempty"` // as the service at work names it
	Note      string    `json:"note,omitempty"`
	Body      []byte    `json:"body,omitempty"`
}

// Tap hands hops to listeners. Its zero value is ready.
type Tap struct {
	listening atomic.Bool

	mu        sync.Mutex
	seq       uint64
	listeners map[*Listener]struct{}
}

// Listener is one reader of a tap.
type Listener struct {
	C       <-chan Hop
	c       chan Hop
	tap     *Tap
	dropped uint64
}

// Tell hands a hop to every listener that has room for it. Time is filled in.
func (t *Tap) Tell(hop Hop) {
	if !t.Listening() {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seq++
	hop.Seq, hop.Time = t.seq, time.Now()
	for l := range t.listeners {
		select {
		case l.c <- hop:
		default:
			l.dropped++
		}
	}
}

// Listening tells whether anyone listens: ask it before making a hop that costs much.
func (t *Tap) Listening() bool { return t.listening.Load() }

// Listen returns a listener that keeps up to size hops for its reader. Close it.
func (t *Tap) Listen(size int) *Listener {
	c := make(chan Hop, size)
	l := &Listener{C: c, c: c, tap: t}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.listeners == nil {
		t.listeners = map[*Listener]struct{}{}
	}
	t.listeners[l] = struct{}{}
	t.listening.Store(true)
	return l
}

// Dropped returns how many hops the listener was too slow for.
func (l *Listener) Dropped() uint64 {
	l.tap.mu.Lock()
	defer l.tap.mu.Unlock()
	return l.dropped
}

// Close ends the listener: C is closed after what it still holds.
func (l *Listener) Close() {
	l.tap.mu.Lock()
	defer l.tap.mu.Unlock()
	if _, open := l.tap.listeners[l]; open {
		delete(l.tap.listeners, l)
		l.tap.listening.Store(len(l.tap.listeners) > 0)
		close(l.c)
	}
}
