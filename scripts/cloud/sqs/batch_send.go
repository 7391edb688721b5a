package sqs

import "context"

// SendMessageBatchInput sends up to ten messages.
type SendMessageBatchInput struct {
	QueueUrl string
	Entries  []SendMessageBatchRequestEntry `query:"SendMessageBatchRequestEntry.N"`
}

func (in *SendMessageBatchInput) queue() string { return nameOf(in.QueueUrl) }

// SendMessageBatchRequestEntry is one message of a batch.
type SendMessageBatchRequestEntry struct {
	Id string
	Sending
}

func (e SendMessageBatchRequestEntry) id() string { return e.Id }

// SendMessageBatchOutput says which messages were sent.
type SendMessageBatchOutput struct {
	Successful []SendMessageBatchResultEntry `query:"SendMessageBatchResultEntry.N"`
	Failed     []BatchResultErrorEntry       `json:",omitempty" query:"BatchResultErrorEntry.N"`
}

// SendMessageBatchResultEntry is an entry that was sent.
type SendMessageBatchResultEntry struct {
	Id string
	SendMessageOutput
}

// SendMessageBatch sends messages to a queue.
func (s *Service) SendMessageBatch(ctx context.Context, in *SendMessageBatchInput) (*SendMessageBatchOutput, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if err := checkBatch("SendMessageBatchRequestEntry", in.Entries); err != nil {
		return nil, err
	}
	if err := q.checkSendBatch(in.Entries); err != nil {
		return nil, err
	}
	done, failed := batch(in.Entries,
		func(e SendMessageBatchRequestEntry) (SendMessageBatchResultEntry, error) {
			out, err := q.send(ctx, &e.Sending)
			if err != nil {
				return SendMessageBatchResultEntry{}, err
			}
			return SendMessageBatchResultEntry{Id: e.Id, SendMessageOutput: *out}, nil
		})
	return &SendMessageBatchOutput{Successful: done, Failed: failed}, nil
}

// checkSendBatch rejects the whole batch, as AWS does, if it is too large or an entry lacks what a FIFO queue
// requires.
func (q *queue) checkSendBatch(entries []SendMessageBatchRequestEntry) error {
	q.lock()
	defer q.unlock()
	total := 0
	for _, e := range entries {
		c := content{body: e.MessageBody, attributes: e.MessageAttributes, group: textOf(e.MessageGroupId), dedup: textOf(e.MessageDeduplicationId)}
		total += c.size()
		if q.fifo {
			if err := q.checkFIFO(&c); err != nil {
				return err
			}
		}
	}
	if total > MaxMessage {
		return errLegacy("BatchRequestTooLong", "Batch requests cannot be longer than %d bytes. You have sent %d bytes.", MaxMessage, total)
	}
	return nil
}
