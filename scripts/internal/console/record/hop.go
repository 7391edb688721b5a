package record

import (
	"time"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/trace"
)

// Kind is the kind of a hop.
type Kind string

// The kinds of hops.
const (
	Published    Kind = "published"     // the bus, a topic or a queue accepted the event
	Queued       Kind = "queued"        // it is in a service's queue
	Received     Kind = "received"      // the service received it
	Acknowledged Kind = "acknowledged"  // the service acknowledged it
	Skipped      Kind = "skipped"       // a service's rule or filter didn't match
	Undelivered  Kind = "undelivered"   // it didn't reach the service's queue
	MovedToDLQ   Kind = "dead-lettered" // the service failed too often
)

// EventRef identifies the event of a hop.
type EventRef struct {
	ID, Type, Subject, CorrelationID string
}

// Hop is one thing that happened to an event on its way to a service.
type Hop struct {
	Time    time.Time
	Kind    Kind
	Event   EventRef
	Service string    // the receiver; "" where it was published
	Due     time.Time // for Queued: when it can be received
	Note    string    // the reason, or the receive count
}

// Sink receives a source's reports. Its methods are called one at a time.
type Sink interface {
	Step(events.Step)
	Hop(Hop)
	Line(trace.Line)
	// Lost reports how many more records were dropped because they came too fast.
	Lost(n int)
	// Trouble reports why nothing new arrives; nil reports that it works again.
	Trouble(error)
}
