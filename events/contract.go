package events

// Channel is the way an event goes out. It belongs to the contract, not to a
// service, and stands in the event's schema.
type Channel string

// The channels.
const (
	EventBridge Channel = "eventbridge" // the bus: rules choose who gets it
	SNS         Channel = "sns"         // a topic of its own: fan-out with filter policies
	Queue       Channel = "queue"       // the producer's own queue: a reminder to itself
)

// Contract is what is fixed about an event: its name with the major version,
// who may publish it, how it travels and what it must look like.
type Contract struct {
	Type     string // "lamp.lit.v1"
	Producer string // the only service that publishes it
	Channel  Channel
	Schema   []byte // JSON Schema, draft 2020-12, of the event's data
}

// Event is an event as a domain states it: generated from its schema, complete
// but for its envelope.
type Event interface {
	// Contract returns the contract of the event's type. It is the same pointer
	// for every value of a type, and works on the zero value.
	Contract() *Contract
	// Subject is the identity of the aggregate that the event is about.
	Subject() string
}
