package sqs

import "context"

// DeleteMessageBatchInput deletes up to ten messages.
type DeleteMessageBatchInput struct {
	QueueUrl string
	Entries  []DeleteMessageBatchRequestEntry `query:"DeleteMessageBatchRequestEntry.N"`
}

func (in *DeleteMessageBatchInput) queue() string { return nameOf(in.QueueUrl) }

// DeleteMessageBatchRequestEntry is one message of a batch.
type DeleteMessageBatchRequestEntry struct{ Id, ReceiptHandle string }

func (e DeleteMessageBatchRequestEntry) id() string { return e.Id }

// BatchResultEntry is an entry that succeeded.
type BatchResultEntry struct{ Id string }

// DeleteMessageBatchOutput says which messages were deleted.
type DeleteMessageBatchOutput struct {
	Successful []BatchResultEntry      `query:"DeleteMessageBatchResultEntry.N"`
	Failed     []BatchResultErrorEntry `json:",omitempty" query:"BatchResultErrorEntry.N"`
}

// DeleteMessageBatch deletes received messages.
func (s *Service) DeleteMessageBatch(_ context.Context, in *DeleteMessageBatchInput) (*DeleteMessageBatchOutput, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if err := checkBatch("DeleteMessageBatchRequestEntry", in.Entries); err != nil {
		return nil, err
	}
	done, failed := batch(in.Entries, func(e DeleteMessageBatchRequestEntry) (BatchResultEntry, error) {
		return BatchResultEntry{e.Id}, q.acknowledge(e.ReceiptHandle)
	})
	return &DeleteMessageBatchOutput{Successful: done, Failed: failed}, nil
}

// ChangeMessageVisibilityBatchInput changes the visibility of up to ten messages.
type ChangeMessageVisibilityBatchInput struct {
	QueueUrl string
	Entries  []ChangeMessageVisibilityBatchRequestEntry `query:"ChangeMessageVisibilityBatchRequestEntry.N"`
}

func (in *ChangeMessageVisibilityBatchInput) queue() string { return nameOf(in.QueueUrl) }

// ChangeMessageVisibilityBatchRequestEntry is one message of a batch.
type ChangeMessageVisibilityBatchRequestEntry struct {
	Id, ReceiptHandle string
	VisibilityTimeout *int // seconds from now
}

func (e ChangeMessageVisibilityBatchRequestEntry) id() string { return e.Id }

// ChangeMessageVisibilityBatchOutput says which messages were changed.
type ChangeMessageVisibilityBatchOutput struct {
	Successful []BatchResultEntry      `query:"ChangeMessageVisibilityBatchResultEntry.N"`
	Failed     []BatchResultErrorEntry `json:",omitempty" query:"BatchResultErrorEntry.N"`
}

// ChangeMessageVisibilityBatch changes the visibility timeouts of received messages.
func (s *Service) ChangeMessageVisibilityBatch(_ context.Context, in *ChangeMessageVisibilityBatchInput) (*ChangeMessageVisibilityBatchOutput, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if err := checkBatch("ChangeMessageVisibilityBatchRequestEntry", in.Entries); err != nil {
		return nil, err
	}
	done, failed := batch(in.Entries, func(e ChangeMessageVisibilityBatchRequestEntry) (BatchResultEntry, error) {
		return BatchResultEntry{e.Id}, q.changeVisibility(e.ReceiptHandle, e.VisibilityTimeout)
	})
	return &ChangeMessageVisibilityBatchOutput{Successful: done, Failed: failed}, nil
}
