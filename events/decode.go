package events

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// DecodeError reports that a message is not an event. Retrying doesn't help.
type DecodeError struct {
	Problem string // "it is not JSON"
	Err     error  // the decoder's error, or nil
}

func (e *DecodeError) Error() string {
	if e.Err == nil {
		return "decode event: " + e.Problem
	}
	return fmt.Sprintf("decode event: %s: %v", e.Problem, e.Err)
}

// Unwrap returns the decoder's error.
func (e *DecodeError) Unwrap() error { return e.Err }

// Decode decodes the envelope in a message: bare, as topics and a producer's own queue deliver it, or in the detail
// of an EventBridge event. Its error is a *DecodeError; the envelope then contains what could be decoded, for the
// log. Decode doesn't check the data against its schema: see events/schema.
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

// complete returns an error for the first missing member without which an event can't be handled.
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
