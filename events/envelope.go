package events

import (
	"encoding/json"
	"fmt"
	"time"
)

// Metadata says where an event comes from. It travels inside the event's detail,
// because EventBridge gives each publish an id and a time of its own, and drops
// the trace header on replay.
type Metadata struct {
	ID            string    `json:"id"`                    // derived from the cause: see DeriveID
	Type          string    `json:"type"`                  // "lamp.lit.v1"
	Subject       string    `json:"subject"`               // the aggregate, as "lamp-1"
	CorrelationID string    `json:"correlationId"`         // the execution: all that followed from one request or event
	CausationID   string    `json:"causationId,omitempty"` // the event or request that led to this one
	Producer      string    `json:"producer"`              // the service that published it
	OccurredAt    time.Time `json:"occurredAt"`
	Traceparent   string    `json:"traceparent,omitempty"` // W3C Trace Context
}

// Envelope is an event on the wire: the detail of an EventBridge event, and the
// whole message on SNS and in a producer's own queue.
type Envelope struct {
	Metadata Metadata        `json:"metadata"`
	Data     json.RawMessage `json:"data"`
}

// Message is an envelope with its address: what a unit of work records and the
// publisher sends.
type Message struct {
	Channel  Channel   `json:"channel"`
	Envelope Envelope  `json:"envelope"`
	Due      time.Time `json:"due,omitzero"` // Queue only: not to be delivered before
}

// Seal puts an event into its envelope. What the event itself decides (type,
// producer, subject) is filled in; the rest of the metadata is the caller's.
func Seal(event Event, metadata Metadata) (Message, error) {
	contract := event.Contract()
	data, err := json.Marshal(event)
	if err != nil {
		return Message{}, fmt.Errorf("seal %s: %w", contract.Type, err)
	}
	metadata.Type = contract.Type
	metadata.Producer = contract.Producer
	metadata.Subject = event.Subject()
	return Message{Channel: contract.Channel, Envelope: Envelope{Metadata: metadata, Data: data}}, nil
}
