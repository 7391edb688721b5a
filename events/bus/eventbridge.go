package bus

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"example.com/troupe/events"
)

// The limits of PutEvents (EventBridge API reference). This reads "1 MB" as a million bytes: the bus adds its own
// envelope before the event reaches a queue, which accepts 1,048,576 bytes.
const (
	putEventsEntries = 10
	putEventsBytes   = 1_000_000
)

// EventBridge is the part of EventBridge's client that the publisher uses.
type EventBridge interface {
	PutEvents(context.Context, *eventbridge.PutEventsInput, ...func(*eventbridge.Options)) (*eventbridge.PutEventsOutput, error)
}

type eventBridge struct {
	client  EventBridge
	busName string
}

func (*eventBridge) limits() limits { return limits{entries: putEventsEntries, bytes: putEventsBytes} }

func (b *eventBridge) destination(events.Metadata) string { return b.busName }

// size counts as the user guide does ("Calculating PutEvents event entry size"): source, detail type and detail in
// UTF-8. Time and resources, which are not sent, would count as well.
func (*eventBridge) size(e entry) int {
	return len(e.Envelope.Metadata.Producer) + len(e.Envelope.Metadata.Type) + len(e.body)
}

func (b *eventBridge) send(ctx context.Context, busName string, batch []entry) ([]result, error) {
	input := &eventbridge.PutEventsInput{}
	for _, e := range batch {
		input.Entries = append(input.Entries, types.PutEventsRequestEntry{
			EventBusName: aws.String(busName),
			Source:       aws.String(e.Envelope.Metadata.Producer),
			DetailType:   aws.String(e.Envelope.Metadata.Type),
			Detail:       aws.String(e.body),
		})
	}
	output, err := b.client.PutEvents(ctx, input)
	if err != nil {
		return nil, err
	}
	results := unanswered(len(batch))
	for i, answer := range output.Entries[:min(len(output.Entries), len(batch))] { // in the order of the request
		switch code := aws.ToString(answer.ErrorCode); {
		case code != "":
			results[i] = rejected(code, answer.ErrorMessage, code == "InternalFailure")
		case aws.ToString(answer.EventId) != "":
			results[i] = result{}
		}
	}
	return results, nil
}
