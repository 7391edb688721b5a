package events

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// DecodeError says that a message is not an event, and that trying again will not help.
type DecodeError struct {
	Problem string // "it is not JSON"
	Err     error  // what the decoder said, or nil
}

func (e *DecodeError) Error() string {
	if e.Err == nil {
		return "decode event: " + e.Problem
	}
	return fmt.Sprintf("decode event: %s: %v", e.Problem, e.Err)
}

// Unwrap returns what the decoder said.
func (e *DecodeError) Unwrap() error { return e.Err }

// Decode reads the envelope from a message as it arrives: bare, from a topic or a
// producer's own queue, or as the detail of an EventBridge event, which rules deliver
// whole. The error is a *DecodeError; with it the envelope holds what could be read, for
// the log. The data is not checked against its schema: see events/schema.
func Decode(body []byte) (Envelope, error) {
	var message struct {
		Envelope
		DetailType *string         `json:"detail-type"` // every EventBridge event has one
		Detail     json.RawMessage `json:"detail"`
	}
	if err := json.Unmarshal(body, &message); err != nil {
		return Envelope{}, &DecodeError{Problem: "the message is not a JSON object of an envelope's form", Err: err}
	}
	envelope := message.Envelope
	if message.DetailType != nil {
		envelope = Envelope{}
		if err := json.Unmarshal(message.Detail, &envelope); err != nil {
			return envelope, &DecodeError{Problem: "the detail of the EventBridge event is not an envelope", Err: err}
		}
	}
	return envelope, envelope.complete()
}

// complete reports the first member without which nothing can be done about an event.
func (e Envelope) complete() error {
	required := []struct{ name, value string }{
		{"id", e.Metadata.ID},
		{"type", e.Metadata.Type},
		{"subject", e.Metadata.Subject},
		{"correlationId", e.Metadata.CorrelationID},
		{"producer", e.Metadata.Producer},
	}
	for _, member := range required {
		if member.value == "" {
			return &DecodeError{Problem: "it has no metadata." + member.name + ": it is neither an envelope nor an EventBridge event with one in its detail"}
		}
	}
	if e.Metadata.OccurredAt.IsZero() {
		return &DecodeError{Problem: "it has no metadata.occurredAt"}
	}
	if data := bytes.TrimSpace(e.Data); len(data) == 0 || data[0] != '{' {
		return &DecodeError{Problem: "it has no data, or data that is not an object"}
	}
	return nil
}
