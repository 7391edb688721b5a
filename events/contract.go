package events

// Channel is the channel on which an event is published. It is part of the contract and defined in the event's
// schema.
type Channel string

// The channels.
const (
	EventBridge Channel = "eventbridge" // the bus: rules route the event to subscribers
	SNS         Channel = "sns"         // the event's own topic: fan-out with filter policies
	Queue       Channel = "queue"       // the producer's own queue: a reminder to itself
)

// Contract is what is fixed about an event: its type including the major version, its producer, its channel and its
// schema.
type Contract struct {
	Type     string // "lamp.lit.v1"
	Producer string // the only service that may publish it
	Channel  Channel
	Schema   []byte // JSON Schema, draft 2020-12, of the event's data
}

// Event is an event as a domain publishes it: a type generated from its schema, without an envelope.
type Event interface {
	// Contract returns the contract of the event's type. It returns the same pointer for all values of a type,
	// including the zero value.
	Contract() *Contract
	// Subject returns the ID of the aggregate that the event is about.
	Subject() string
}
