package events

import (
	"encoding/json"
	"fmt"
	"time"
)

// Metadata describes an event's origin. It is part of the event's detail, because EventBridge gives each publish its
// own ID and time, and drops the trace header on replay.
type Metadata struct {
	ID            string    `json:"id"`                    // derived from the cause: see DeriveID
	Type          string    `json:"type"`                  // "lamp.lit.v1"
	Subject       string    `json:"subject"`               // the aggregate's ID, such as "lamp-1"
	CorrelationID string    `json:"correlationId"`         // the execution: everything that one request or event caused
	CausationID   string    `json:"causationId,omitempty"` // the event or request that caused this one
	Producer      string    `json:"producer"`              // the service that published it
	OccurredAt    time.Time `json:"occurredAt"`
	Traceparent   string    `json:"traceparent,omitempty"` // W3C Trace Context
}

// Envelope is an event as sent: the detail of an EventBridge event, or the whole message on SNS and in a producer's
// own queue.
type Envelope struct {
	Metadata Metadata        `json:"metadata"`
	Data     json.RawMessage `json:"data"`
}

// Message is an envelope with its channel: what a unit of work records and the publisher sends.
type Message struct {
	Channel  Channel   `json:"channel"`
	Envelope Envelope  `json:"envelope"`
	Due      time.Time `json:"due,omitzero"` // for Queue: the earliest delivery
}

// Seal returns a message with an event in its envelope. It sets the metadata that the event determines (type,
// producer, subject); the caller provides the rest.
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
