package sqs

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"example.com/localcloud/fifo"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

// maxInFlight is the maximum number of messages of a queue that are in flight.
const maxInFlight = 120_000

// ReceiveMessageInput asks for messages. A nil member means the queue's value, and for MaxNumberOfMessages 1.
type ReceiveMessageInput struct {
	QueueUrl                    string
	MaxNumberOfMessages         *int     // 1 to 10
	VisibilityTimeout           *int     // seconds
	WaitTimeSeconds             *int     // 0 to 20
	AttributeNames              []string `query:"AttributeName.N"` // the older name of the next member
	MessageSystemAttributeNames []string `query:"MessageSystemAttributeName.N"`
	MessageAttributeNames       []string `query:"MessageAttributeName.N"`
	ReceiveRequestAttemptId     string   // FIFO: see reception.repeat
}

func (in *ReceiveMessageInput) queue() string { return nameOf(in.QueueUrl) }

// ReceiveMessageOutput holds the received messages, if any.
type ReceiveMessageOutput struct {
	Messages []Message `json:",omitempty" query:"Message.N"`
}

// Message is a received message.
type Message struct {
	MessageId              string
	ReceiptHandle          string
	MD5OfBody              string
	Body                   string
	Attributes             map[string]string                `json:",omitempty" query:"Attribute.N.Name=Value"`
	MD5OfMessageAttributes string                           `json:",omitempty"`
	MessageAttributes      map[string]MessageAttributeValue `json:",omitempty" query:"MessageAttribute.N.Name=Value"`
}

func (in *ReceiveMessageInput) check() error {
	if n := in.MaxNumberOfMessages; n != nil && (*n < 1 || *n > 10) {
		return errParameter("MaxNumberOfMessages", *n, "Must be between 1 and 10, if provided.")
	}
	if n := in.WaitTimeSeconds; n != nil && (*n < 0 || *n > 20) {
		return errParameter("WaitTimeSeconds", *n, "Must be >= 0 and <= 20, if provided.")
	}
	for _, name := range slices.Concat(in.AttributeNames, in.MessageSystemAttributeNames) {
		if name != "All" && !slices.Contains(systemAttributes, name) {
			return errUnknownAttribute(name)
		}
	}
	if id := in.ReceiveRequestAttemptId; id != "" && !fifo.ValidID(id) {
		return errParameter("ReceiveRequestAttemptId", id, "ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. 1 to 128 in length.")
	}
	if in.VisibilityTimeout != nil {
		return checkVisibility(*in.VisibilityTimeout)
	}
	return nil
}

// ReceiveMessage receives messages from a queue. Each is hidden from others until it is deleted or its visibility
// timeout ends. If there are none, ReceiveMessage waits for the requested time or until the context ends.
func (s *Service) ReceiveMessage(ctx context.Context, in *ReceiveMessageInput) (*ReceiveMessageOutput, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	r := &reception{queue: q, in: in, most: 1, began: time.Now()}
	if in.MaxNumberOfMessages != nil {
		r.most = *in.MaxNumberOfMessages
	}
	for {
		done, err := s.try(ctx, r)
		if err != nil {
			return nil, err
		}
		if done {
			return &ReceiveMessageOutput{Messages: r.messages}, nil
		}
	}
}

// reception is a ReceiveMessage in progress.
type reception struct {
	queue    *queue
	in       *ReceiveMessageInput
	most     int
	began    time.Time
	messages []Message
}

// try receives the messages that there are, or waits until there may be some.
func (s *Service) try(ctx context.Context, r *reception) (done bool, err error) {
	q := r.queue
	now := q.lock()
	if r.repeat(now) {
		q.unlock()
		return true, nil
	}
	left := r.began.Add(or(r.in.WaitTimeSeconds, q.settings.wait)).Sub(now)
	exhausted, err := r.take(now, s.deadLetterQueue(q))
	r.remember(now)
	switch {
	case err != nil:
		q.unlock()
		return true, err
	case len(exhausted) > 0:
		q.unlock()
		s.moveToDeadLetterQueue(q, exhausted)
		return len(r.messages) > 0, nil
	case len(r.messages) > 0 || left <= 0 || s.closing.Err() != nil:
		q.unlock()
		return true, nil
	}
	waiter := q.join()
	q.unlock()
	return false, q.wait(ctx, waiter, left)
}

// take receives messages. If there is a dead-letter queue, it returns those whose receive count is exhausted instead.
func (r *reception) take(now time.Time, target *queue) (exhausted []*message, err error) {
	q := r.queue
	if q.deleted {
		return nil, errNoQueue()
	}
	if q.counts[inFlight] >= maxInFlight {
		return nil, &wire.Error{Code: "OverLimit", Message: "Too many messages are in flight; delete some.", Status: http.StatusForbidden}
	}
	due := r.due(now)
	for len(r.messages) < r.most {
		g, ok := q.open.first()
		if !ok {
			break
		}
		end := g.end(q.fifo) // before this call
		for m, ok := g.visible.first(); ok && m.order < end && len(r.messages) < r.most; m, ok = g.visible.first() {
			q.enter(m, inFlight, due)
			if target != nil && m.receives-m.before >= int(q.settings.redrive.MaxReceiveCount) {
				exhausted = append(exhausted, m)
				continue
			}
			r.messages = append(r.messages, r.receive(m, now))
		}
	}
	return exhausted, nil
}

func (r *reception) receive(m *message, now time.Time) Message {
	m.receives++
	m.received = now
	if m.first.IsZero() {
		m.first = now
	}
	r.queue.report(tap.Received, m, "", "receive "+strconv.Itoa(m.receives))
	attributes := selectAttributes(m.attributes, r.in.MessageAttributeNames)
	return Message{
		MessageId: m.id, ReceiptHandle: m.receipt(r.queue.arn),
		Body: m.body, MD5OfBody: m.bodyMD5,
		Attributes:        m.system(r.in.AttributeNames, r.in.MessageSystemAttributeNames),
		MessageAttributes: attributes, MD5OfMessageAttributes: md5OfAttributes(attributes),
	}
}

func or(given *int, otherwise time.Duration) time.Duration {
	if given == nil {
		return otherwise
	}
	return time.Duration(*given) * time.Second
}
