// Package bill reports what AWS would bill for to one listener, such as make cost: requests with their size, and
// DynamoDB's units as AWS rounds them. Without a listener it costs nothing.
package bill

import "sync/atomic"

// Use is one request, or what a request consumed.
type Use struct {
	Service   string // the name in signatures: "sqs"
	Operation string // "ReceiveMessage"; "" for units, whose request is told too
	Caller    string // ARN of the caller; of another service, its name: "events.amazonaws.com"
	Resource  string // ARN of a queue or function, name of a table; "" if the caller alone matters
	Bytes     int    // the larger of request and response
	Empty     bool   // a receive that returned nothing

	Reads, Writes float64 // DynamoDB's request units
	Item          string  // the key of the item that was written, of its table's partition; "" for a write to an index
}

// Meter passes uses on. The zero value has no listener and is ready to use, and so is a nil Meter.
type Meter struct{ listener atomic.Pointer[func(Use)] }

// Listen makes f the listener. It is called from many goroutines, while the request waits; nil ends it.
func (m *Meter) Listen(f func(Use)) {
	if f == nil {
		m.listener.Store(nil)
		return
	}
	m.listener.Store(&f)
}

// Listening reports whether there is a listener.
func (m *Meter) Listening() bool { return m != nil && m.listener.Load() != nil }

// Tell passes a use to the listener, if there is one.
func (m *Meter) Tell(u Use) {
	if m == nil {
		return
	}
	if f := m.listener.Load(); f != nil {
		(*f)(u)
	}
}
