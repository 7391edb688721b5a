package sns

import (
	"context"
	"time"

	"example.com/localcloud/delivery"
	"example.com/localcloud/fifo"
	"example.com/localcloud/requestid"
)

// PublishInput publishes a message. A topic can be named by either ARN.
type PublishInput struct {
	TopicArn, TargetArn string
	Publishing
}

// Publishing is a message to publish, alone or in a batch.
type Publishing struct {
	Message                string
	Subject                *string                       // nil: none; an empty one is invalid
	MessageStructure       string                        // "json" if Message holds a text for each protocol
	MessageAttributes      map[string]delivery.Attribute `query:"MessageAttributes.entry.N.Name=Value"`
	MessageDeduplicationId string
	MessageGroupId         string
}

func (in *PublishInput) resource() string {
	if in.TopicArn == "" {
		return in.TargetArn
	}
	return in.TopicArn
}

// PublishOutput identifies a published message.
type PublishOutput struct{ MessageId, SequenceNumber string }

// Publish delivers a message to a topic's subscriptions. It succeeds once the topic has accepted the message; failed
// deliveries are only reported to the tap.
func (s *Service) Publish(ctx context.Context, in *PublishInput) (*PublishOutput, error) {
	if in.resource() == "" || in.TopicArn != "" && in.TargetArn != "" {
		return nil, errInvalid("TopicArn or TargetArn Reason: exactly one of them must be given")
	}
	return s.publishOne(ctx, in.resource(), &in.Publishing, "")
}

// publishOne publishes a message for a caller, or for the AWS resource named by from.
func (s *Service) publishOne(ctx context.Context, arn string, in *Publishing, from string) (*PublishOutput, error) {
	s.mu.RLock()
	t, err := s.find(arn)
	s.mu.RUnlock()
	if err != nil {
		return nil, err
	}
	if in.size() > MaxMessage {
		return nil, errInvalid("Message too long")
	}
	m, err := t.message(in)
	if err != nil {
		return nil, err
	}
	return s.publish(ctx, t, m, from), nil
}

// message returns the message to publish to a topic, if it is valid there.
func (t *topic) message(in *Publishing) (*message, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	for name, id := range map[string]string{"MessageGroupId": in.MessageGroupId, "MessageDeduplicationId": in.MessageDeduplicationId} {
		if id != "" && !fifo.ValidID(id) {
			return nil, errInvalid("%s Reason: %[1]s can only include alphanumeric and punctuation characters. 1 to 128 in length.", name)
		}
	}
	m := &message{
		id: requestid.New(), topic: t.arn, at: time.Now().UTC(), text: in.Message,
		attributes: in.MessageAttributes, group: in.MessageGroupId, dedup: in.MessageDeduplicationId,
	}
	if in.Subject != nil {
		m.subject = *in.Subject
	}
	if err := m.parseStructure(in.MessageStructure); err != nil {
		return nil, err
	}
	if t.fifo {
		return m, t.checkFIFO(m)
	}
	if m.dedup != "" {
		return nil, errInvalid("MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type")
	}
	return m, nil
}

// publish publishes a valid message. The message stays published even if the client disconnects.
func (s *Service) publish(ctx context.Context, t *topic, m *message, from string) *PublishOutput {
	ctx = context.WithoutCancel(ctx)
	if t.fifo {
		return s.publishFIFO(ctx, t, m, from)
	}
	s.fanOut(ctx, t, m, from)
	return &PublishOutput{MessageId: m.id}
}
