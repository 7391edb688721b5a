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
	Producer string // the only service that may publish it; for an event from outside, what its source is called here
	Channel  Channel
	Schema   []byte   // JSON Schema, draft 2020-12, of the event's data
	Outside  *Outside // nil for an event of a service
}

// Outside says by what an event is recognised that no service publishes: one of an AWS service, of a partner, or of
// another team. Its data is the whole detail of the EventBridge event.
type Outside struct {
	Source     string // "aws.s3"
	DetailType string // "Object Created"
	Subject    string // JSON pointer, RFC 6901, to the subject in the data: "/object/key"
	Bus        string // where it arrives, from where a rule forwards it to our bus; "" is our bus
}

// Event is an event as a domain publishes it: a type generated from its schema, without an envelope.
type Event interface {
	// Contract returns the contract of the event's type. It returns the same pointer for all values of a type,
	// including the zero value.
	Contract() *Contract
	// Subject returns the ID of the aggregate that the event is about.
	Subject() string
}
