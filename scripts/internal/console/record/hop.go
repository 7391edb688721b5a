package record

import (
	"time"

	"example.com/troupe/events"
)

// Kind is what happened at a hop.
type Kind string

// The kinds of hops.
const (
	Published    Kind = "published"     // the bus, a topic or a queue took the event
	Queued       Kind = "queued"        // it lies in the queue of a service
	Received     Kind = "received"      // the service took it
	Acknowledged Kind = "acknowledged"  // the service is done with it
	Skipped      Kind = "skipped"       // the rule or filter of a service did not let it pass
	Undelivered  Kind = "undelivered"   // it did not reach the service's queue
	MovedToDLQ   Kind = "dead-lettered" // the service failed at it too often
)

// EventRef is which event a hop is about.
type EventRef struct {
	ID, Type, Subject, CorrelationID string
}

// Hop is one thing that happened to one event on its way to a service.
type Hop struct {
	Time    time.Time
	Kind    Kind
	Event   EventRef
	Service string    // who takes it; "" where it was published
	Due     time.Time // Queued only: not to be taken before
	Note    string    // why, or how often
}

// Sink takes what a source reports. Its methods are called one at a time.
type Sink interface {
	Step(events.Step)
	Hop(Hop)
	// Lost reports how much more could not be kept up with.
	Lost(n int)
	// Trouble reports why nothing new comes for now; nil reports that it does again.
	Trouble(error)
}
