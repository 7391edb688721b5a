// Package tap reports what happens in the local cloud, hop by hop, to listeners such as the console and the story
// tests.
//
// Listening never slows the cloud down. A slow listener loses hops, and Dropped says how many.
package tap

import (
	"sync"
	"sync/atomic"
	"time"
)

// Kind says what happened at a hop.
type Kind string

// The kinds of hops.
const (
	Published    Kind = "published"     // a bus or topic accepted an event
	Matched      Kind = "matched"       // a rule or filter policy matched it
	Skipped      Kind = "skipped"       // a rule or filter policy did not match it; Note says why
	Delivered    Kind = "delivered"     // it reached a queue, function or endpoint
	Undelivered  Kind = "undelivered"   // a delivery failed; Note says why
	Received     Kind = "received"      // a consumer received a message
	Deleted      Kind = "deleted"       // a consumer acknowledged it
	DeadLettered Kind = "dead-lettered" // it moved to a dead-letter queue
	Started      Kind = "started"       // an environment of a function is ready
	NotStarted   Kind = "not-started"   // an environment failed to start; Note says why, Body holds the end of its log
	Invoked      Kind = "invoked"       // a function's invocation began
	Returned     Kind = "returned"      // a function's invocation ended; Note holds its error
	Logged       Kind = "logged"        // a function wrote a line: Body
	Denied       Kind = "denied"        // a caller lacked a permission
)

// Hop is an event in the life of a message, function or caller.
type Hop struct {
	Seq       uint64    `json:"seq"` // 1, 2, 3 … since the tap has had listeners; a gap means a loss
	Time      time.Time `json:"time"`
	Kind      Kind      `json:"kind"`
	Resource  string    `json:"resource"`            // ARN of the bus, rule, topic, queue, function
	From      string    `json:"from,omitempty"`      // ARN of its origin
	To        string    `json:"to,omitempty"`        // ARN or URL of a subscription's endpoint
	MessageID string    `json:"messageId,omitempty"` // the id that the reporting service uses
	Note      string    `json:"note,omitempty"`
	Body      []byte    `json:"body,omitempty"`
}

// Tap sends hops to listeners. The zero value is ready to use.
type Tap struct {
	listening atomic.Bool

	mu        sync.Mutex
	seq       uint64
	listeners map[*Listener]struct{}
}

// Listener receives the hops of a tap.
type Listener struct {
	C       <-chan Hop
	c       chan Hop
	tap     *Tap
	dropped uint64
}

// Tell sends a hop to every listener that has room for it. It sets Seq and Time.
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

// Listening reports whether there are listeners. Check it before you build an expensive hop.
func (t *Tap) Listening() bool { return t.listening.Load() }

// Listen returns a listener with room for size unread hops. Close it after use.
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

// Dropped returns the number of hops that the listener was too slow for.
func (l *Listener) Dropped() uint64 {
	l.tap.mu.Lock()
	defer l.tap.mu.Unlock()
	return l.dropped
}

// Close removes the listener and closes C. Unread hops can still be received.
func (l *Listener) Close() {
	l.tap.mu.Lock()
	defer l.tap.mu.Unlock()
	if _, open := l.tap.listeners[l]; open {
		delete(l.tap.listeners, l)
		l.tap.listening.Store(len(l.tap.listeners) > 0)
		close(l.c)
	}
}
