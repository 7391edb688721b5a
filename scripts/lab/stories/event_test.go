package stories_test

import (
	"context"
	"encoding/json"
	"maps"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/testevent"
)

// example returns an event's example with new identities and other members, which may break the contract.
func example(t *testing.T, at *stack.Stack, eventType string, other map[string]any) events.Message {
	t.Helper()
	message, err := altered(at, eventType, other)
	if err != nil {
		t.Fatal(err)
	}
	return message
}

func altered(at *stack.Stack, eventType string, other map[string]any) (events.Message, error) {
	contract, err := testevent.Find(at.Contracts(), eventType)
	if err != nil {
		return events.Message{}, err
	}
	fresh, err := testevent.Fresh(contract, contract.Examples[0].Data)
	if err != nil {
		return events.Message{}, err
	}
	message, err := testevent.Message(contract, fresh)
	if err != nil {
		return events.Message{}, err
	}
	var data map[string]any
	if err := json.Unmarshal(fresh, &data); err != nil {
		return events.Message{}, err
	}
	maps.Copy(data, other)
	if subject, given := other[contract.Subject].(string); given {
		message.Envelope.Metadata.Subject = subject
	}
	message.Envelope.Data, err = json.Marshal(data)
	return message, err
}

// publish publishes an event as its producer.
func publish(ctx context.Context, t *testing.T, at *stack.Stack, message events.Message) {
	t.Helper()
	if err := at.Publisher(at.Config(), message.Envelope.Metadata.Producer).Publish(ctx, message); err != nil {
		t.Fatal(err)
	}
}
