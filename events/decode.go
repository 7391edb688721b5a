package events

import (
	"bytes"
	"encoding/json"
	"errors"
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

// ErrUndeclared means that a message is an EventBridge event without an envelope, of which no given contract has the
// source and the detail type.
var ErrUndeclared = errors.New(`declare it with "source" and "detail-type" in x-event of a schema, and subscribe to it: see events/OUTSIDE.md`)

// Decode decodes the envelope in a message: bare, as topics and a producer's own queue deliver it, or in the detail
// of an EventBridge event. It makes the envelope of an event from outside, if its contract is among the given ones:
// its ID is that of EventBridge, which a redelivery and a replay keep. Its error is a *DecodeError; the envelope then
// contains what could be decoded, for the log. Decode doesn't check the data against its schema: see events/schema.
func Decode(body []byte, contracts ...*Contract) (Envelope, error) {
	var message struct {
		Envelope
		bridged
	}
	if err := json.Unmarshal(body, &message); err != nil {
		return Envelope{}, &DecodeError{Problem: "the message is not a JSON object of an envelope's form", Err: err}
	}
	if message.DetailType == nil {
		return message.Envelope, message.Envelope.complete()
	}
	for _, contract := range contracts {
		if message.is(contract) {
			return message.arrived(contract)
		}
	}
	var envelope Envelope
	err := json.Unmarshal(message.Detail, &envelope)
	switch {
	case err != nil:
		err = &DecodeError{Problem: "the detail of the EventBridge event is not an envelope", Err: err}
	case envelope.Metadata == (Metadata{}) && len(message.Detail) > 0:
		envelope.Metadata = message.metadata()
		err = &DecodeError{Problem: fmt.Sprintf("the event %q of %s has no envelope and no contract here", *message.DetailType, message.Source), Err: ErrUndeclared}
	default:
		err = envelope.complete()
	}
	return envelope, err
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
