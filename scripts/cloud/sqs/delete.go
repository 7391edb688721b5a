package sqs

import (
	"context"

	"example.com/localcloud/tap"
)

// DeleteMessageInput names a message by the receipt handle of its latest receive.
type DeleteMessageInput struct{ QueueUrl, ReceiptHandle string }

func (in *DeleteMessageInput) queue() string { return nameOf(in.QueueUrl) }

// DeleteMessage deletes a received message. It succeeds if the message no longer exists. If the message has been
// received again since, it also succeeds, but the message stays.
func (s *Service) DeleteMessage(_ context.Context, in *DeleteMessageInput) (*Empty, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	return &Empty{}, q.acknowledge(in.ReceiptHandle)
}

func (q *queue) acknowledge(handle string) error {
	r, err := q.parseReceipt(handle)
	if err != nil {
		return err
	}
	now := q.lock()
	defer q.unlock()
	m := q.messages[r.id]
	if m == nil || m.receives != r.receives {
		return nil
	}
	if q.fifo && m.state != inFlight {
		return errParameter("ReceiptHandle", handle, "The receipt handle has expired.")
	}
	q.report(tap.Deleted, m, "", "")
	q.enter(m, absent, now)
	return nil
}

// parseReceipt parses a receipt handle that this queue gave out.
func (q *queue) parseReceipt(handle string) (receipt, error) {
	if handle == "" {
		return receipt{}, errMissing("ReceiptHandle")
	}
	r, err := parseReceipt(handle)
	if err == nil && r.queue != q.arn {
		err = errHandle(handle)
	}
	return r, err
}
