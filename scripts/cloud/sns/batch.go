package sns

import (
	"context"
	"regexp"

	"example.com/localcloud/wire"
)

// maxBatch is the maximum number of entries in a batch.
const maxBatch = 10

var batchID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

// PublishBatchInput publishes up to ten messages.
type PublishBatchInput struct {
	TopicArn                   string
	PublishBatchRequestEntries []PublishBatchRequestEntry
}

func (in *PublishBatchInput) resource() string { return in.TopicArn }

// PublishBatchRequestEntry is one message of a batch.
type PublishBatchRequestEntry struct {
	Id string
	Publishing
}

// PublishBatchOutput says which messages were published.
type PublishBatchOutput struct {
	Successful []PublishBatchResultEntry
	Failed     []BatchResultErrorEntry
}

// PublishBatchResultEntry is an entry that was published.
type PublishBatchResultEntry struct{ Id, MessageId, SequenceNumber string }

// BatchResultErrorEntry describes an entry that failed.
type BatchResultErrorEntry struct {
	Id, Code, Message string
	SenderFault       bool
}

// PublishBatch publishes messages in order. As on AWS, one invalid entry fails the whole batch (LocalStack's
// test_publish_batch_exceptions and test_empty_or_wrong_message_attributes, validated against AWS).
func (s *Service) PublishBatch(ctx context.Context, in *PublishBatchInput) (*PublishBatchOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	s.mu.RLock()
	t, err := s.find(in.TopicArn)
	s.mu.RUnlock()
	if err != nil {
		return nil, err
	}
	messages := make([]*message, len(in.PublishBatchRequestEntries))
	for i := range in.PublishBatchRequestEntries {
		if messages[i], err = t.message(&in.PublishBatchRequestEntries[i].Publishing); err != nil {
			return nil, err
		}
	}
	out := &PublishBatchOutput{}
	for i, m := range messages {
		done := s.publish(ctx, t, m, "")
		out.Successful = append(out.Successful, PublishBatchResultEntry{in.PublishBatchRequestEntries[i].Id, done.MessageId, done.SequenceNumber})
	}
	return out, nil
}

func (in *PublishBatchInput) check() error {
	switch n := len(in.PublishBatchRequestEntries); {
	case n == 0:
		return wire.Errorf("EmptyBatchRequest", "The batch request doesn't contain any entries.")
	case n > maxBatch:
		return wire.Errorf("TooManyEntriesInBatchRequest", "The batch request contains more entries than permissible.")
	}
	known, total := map[string]bool{}, 0
	for _, e := range in.PublishBatchRequestEntries {
		if !batchID.MatchString(e.Id) {
			return wire.Errorf("InvalidBatchEntryId", "The Id of a batch entry in a batch request doesn't abide by the specification.")
		}
		if known[e.Id] {
			return wire.Errorf("BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.")
		}
		known[e.Id] = true
		total += e.size()
	}
	if total > MaxMessage {
		return wire.Errorf("BatchRequestTooLong", "The length of all the messages put together is more than the limit of %d bytes.", MaxMessage)
	}
	return nil
}
