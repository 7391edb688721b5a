package bus

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"example.com/troupe/events"
)

// Config configures a Bus. A channel without client or address can't be published on. Leave the clients' own retries
// on; they apply to each call.
type Config struct {
	EventBridge EventBridge
	BusName     string // name or ARN

	SNS            SNS
	TopicARNPrefix string // "arn:aws:sns:us-east-1:000000000000:troupe-dev-"; the event's type with dashes for dots follows

	SQS      SQS
	QueueURL string // the producer's own queue, for reminders to itself

	Scheduler Scheduler // for reminders that SQS can't delay for so long; nil without any
}

// Bus publishes events. It is safe for concurrent use.
type Bus struct {
	drivers map[events.Channel]driver
	later   *later // nil without a scheduler
}

// New returns a publisher.
func New(config Config) *Bus {
	drivers := map[events.Channel]driver{}
	if config.EventBridge != nil && config.BusName != "" {
		drivers[events.EventBridge] = &eventBridge{client: config.EventBridge, busName: config.BusName}
	}
	if config.SNS != nil && config.TopicARNPrefix != "" {
		drivers[events.SNS] = &topics{client: config.SNS, arnPrefix: config.TopicARNPrefix}
	}
	if config.SQS != nil && config.QueueURL != "" {
		drivers[events.Queue] = &queue{client: config.SQS, url: config.QueueURL}
	}
	b := &Bus{drivers: drivers}
	if config.Scheduler != nil {
		b.later = &later{config.Scheduler}
	}
	return b
}

// Publish sends messages and returns once each was accepted or given up. It keeps the order per destination, and
// sends to destinations concurrently.
//
// If it returns a *TooLargeError, *ChannelError or *DelayError, nothing was sent. A *PublishError lists the events that were not
// accepted.
func (b *Bus) Publish(ctx context.Context, messages ...events.Message) error {
	shipments, err := b.sort(messages)
	if err != nil {
		return err
	}
	failed := make([][]EntryError, len(shipments))
	var sending sync.WaitGroup
	for i, s := range shipments {
		if i == len(shipments)-1 { // usually the only one; a new goroutine's stack would have to grow several times for the SDK's calls
			failed[i] = s.send(ctx)
		} else {
			sending.Go(func() { failed[i] = s.send(ctx) })
		}
	}
	sending.Wait()
	if all := slices.Concat(failed...); len(all) > 0 {
		return &PublishError{Failed: all}
	}
	return nil
}

// Check returns the *TooLargeError, *ChannelError or *DelayError with which Publish would refuse the messages, so that a handler
// can be stopped before it commits.
func (b *Bus) Check(messages ...events.Message) error {
	_, err := b.sort(messages)
	return err
}

// shipment contains the entries for one destination.
type shipment struct {
	driver      driver
	destination string
	entries     []entry
}

// sort encodes the messages and groups them by destination.
func (b *Bus) sort(messages []events.Message) ([]*shipment, error) {
	var shipments []*shipment
	for _, message := range messages {
		e, to, err := b.encode(message)
		if err != nil {
			return nil, err
		}
		destination := to.destination(message.Envelope.Metadata)
		at := slices.IndexFunc(shipments, func(s *shipment) bool { return s.driver == to && s.destination == destination })
		if at < 0 {
			at = len(shipments)
			shipments = append(shipments, &shipment{driver: to, destination: destination})
		}
		shipments[at].entries = append(shipments[at].entries, e)
	}
	return shipments, nil
}

// encode encodes a message, and refuses one that could never be sent.
func (b *Bus) encode(message events.Message) (entry, driver, error) {
	metadata := message.Envelope.Metadata
	to, ok := b.drivers[message.Channel]
	if !ok {
		return entry{}, nil, &ChannelError{Type: metadata.Type, Channel: message.Channel}
	}
	if rest := time.Until(message.Due); message.Channel == events.Queue && rest > maxDelay {
		if b.later == nil {
			return entry{}, nil, &DelayError{Type: metadata.Type, Delay: rest.Round(time.Second)}
		}
		to = b.later
	}
	body, err := json.Marshal(message.Envelope)
	if err != nil {
		return entry{}, nil, fmt.Errorf("encode %s %s: %w", metadata.Type, metadata.ID, err)
	}
	e := entry{Message: message, body: string(body)}
	if size, limit := to.size(e), to.limits().bytes; size > limit {
		return entry{}, nil, &TooLargeError{
			ID: metadata.ID, Type: metadata.Type, Channel: message.Channel, Size: size, Limit: limit,
		}
	}
	return e, to, nil
}
