package sns

import (
	"context"
	"time"

	"example.com/localcloud/delivery"
	"example.com/localcloud/requestid"
)

// PublishInput publishes a message. A topic can be named by either ARN.
type PublishInput struct {
	TopicArn, TargetArn string
	Publishing
}

// Publishing is a message to be published, alone or in a batch.
type Publishing struct {
	Message                string
	Subject                string
	MessageStructure       string                        // "json": Message holds a text for each protocol
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

// PublishOutput names what was published.
type PublishOutput struct{ MessageId, SequenceNumber string }

// Publish hands a message to a topic's subscriptions. It succeeds when the topic has
// taken it; a subscription that does not is told to the tap.
func (s *Service) Publish(ctx context.Context, in *PublishInput) (*PublishOutput, error) {
	if in.resource() == "" || in.TopicArn != "" && in.TargetArn != "" {
		return nil, errInvalid("TopicArn or TargetArn Reason: exactly one of them must be given")
	}
	return s.publish(ctx, in.resource(), in.Publishing, "")
}

// publish takes a message from a caller, or from the AWS resource that it comes from.
func (s *Service) publish(ctx context.Context, arn string, in Publishing, from string) (*PublishOutput, error) {
	s.mu.RLock()
	t, err := s.find(arn)
	s.mu.RUnlock()
	if err != nil {
		return nil, err
	}
	m := &message{
		id: requestid.New(), topic: arn, at: time.Now().UTC(), subject: in.Subject, text: in.Message,
		attributes: in.MessageAttributes, group: in.MessageGroupId, dedup: in.MessageDeduplicationId,
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	if err := m.parseStructure(in.MessageStructure); err != nil {
		return nil, err
	}
	// A client that goes away does not take back what it has published.
	ctx = context.WithoutCancel(ctx)
	if t.fifo {
		return s.publishFIFO(ctx, t, m, from)
	}
	if m.dedup != "" {
		return nil, errInvalid("MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type")
	}
	s.fanOut(ctx, t, m, from)
	return &PublishOutput{MessageId: m.id}, nil
}
