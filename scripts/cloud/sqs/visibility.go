package sqs

import (
	"context"
	"time"
)

// maxVisibility is the maximum visibility timeout, in seconds: 12 hours.
const maxVisibility = 43_200

// ChangeMessageVisibilityInput sets the visibility timeout of a received message.
type ChangeMessageVisibilityInput struct {
	QueueUrl          string
	ReceiptHandle     string
	VisibilityTimeout *int // seconds from now
}

func (in *ChangeMessageVisibilityInput) queue() string { return nameOf(in.QueueUrl) }

func checkVisibility(seconds int) error {
	if seconds < 0 || seconds > maxVisibility {
		return errParameter("VisibilityTimeout", seconds, "VisibilityTimeout must be an integer between 0 and 43200.")
	}
	return nil
}

// ChangeMessageVisibility extends or shortens the visibility timeout of a received message. With 0 the message is
// visible at once.
func (s *Service) ChangeMessageVisibility(_ context.Context, in *ChangeMessageVisibilityInput) (*Empty, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	return &Empty{}, q.changeVisibility(in.ReceiptHandle, in.VisibilityTimeout)
}

func (q *queue) changeVisibility(handle string, seconds *int) error {
	if seconds == nil {
		return errMissing("VisibilityTimeout")
	}
	if err := checkVisibility(*seconds); err != nil {
		return err
	}
	r, err := q.parseReceipt(handle)
	if err != nil {
		return err
	}
	now := q.lock()
	defer q.unlock()
	m := q.messages[r.id]
	if m == nil || m.receives != r.receives {
		return errParameter("ReceiptHandle", handle, "Message does not exist or is not available for visibility timeout change.")
	}
	if m.state != inFlight {
		return errLegacy("MessageNotInflight", "The message referred to is not in flight.")
	}
	due := now.Add(time.Duration(*seconds) * time.Second)
	if due.Sub(m.received) > maxVisibility*time.Second {
		return errParameter("VisibilityTimeout", *seconds, "Total VisibilityTimeout for the message is beyond the limit [43200 seconds].")
	}
	q.enter(m, inFlight, due)
	q.advance(now)
	return nil
}
