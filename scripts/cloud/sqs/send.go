package sqs

import (
	"context"
	"strconv"
	"time"

	"example.com/localcloud/fifo"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

// otherType is AWS's reason for a parameter that only the other type of queue takes. Source: recorded in public issues,
// such as cdklabs/construct-hub#905 for a deduplication id.
const otherType = "The request include parameter that is not valid for this queue type."

// SendMessageInput sends a message.
type SendMessageInput struct {
	QueueUrl string
	Sending
}

func (in *SendMessageInput) queue() string { return nameOf(in.QueueUrl) }

// Sending is a message to send, alone or in a batch.
type Sending struct {
	MessageBody             string
	DelaySeconds            *int                             // nil: the queue's
	MessageAttributes       map[string]MessageAttributeValue `query:"MessageAttribute.N.Name=Value"`
	MessageSystemAttributes map[string]MessageAttributeValue `query:"MessageSystemAttribute.N.Name=Value"` // AWSTraceHeader
	MessageDeduplicationId  *string                          // nil: none; an empty one is invalid
	MessageGroupId          *string
}

// SendMessageOutput identifies a sent message.
type SendMessageOutput struct {
	MessageId                    string
	MD5OfMessageBody             string
	MD5OfMessageAttributes       string `json:",omitempty"`
	MD5OfMessageSystemAttributes string `json:",omitempty"`
	SequenceNumber               string `json:",omitempty"` // FIFO
}

// SendMessage sends a message to a queue.
func (s *Service) SendMessage(ctx context.Context, in *SendMessageInput) (*SendMessageOutput, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	return q.send(ctx, &in.Sending)
}

func (q *queue) send(ctx context.Context, in *Sending) (*SendMessageOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	c := content{
		body: in.MessageBody, bodyMD5: md5Hex(in.MessageBody),
		attributes: in.MessageAttributes, trace: in.MessageSystemAttributes["AWSTraceHeader"].StringValue,
		sender: sender(ctx), group: textOf(in.MessageGroupId), dedup: textOf(in.MessageDeduplicationId),
	}
	m, err := q.put(c, in.DelaySeconds)
	if err != nil {
		return nil, err
	}
	out := &SendMessageOutput{
		MessageId: m.id, MD5OfMessageBody: c.bodyMD5,
		MD5OfMessageAttributes:       md5OfAttributes(c.attributes),
		MD5OfMessageSystemAttributes: md5OfAttributes(in.MessageSystemAttributes),
	}
	if q.fifo {
		out.SequenceNumber = m.sequenceNumber()
	}
	return out, nil
}

func (in *Sending) check() error {
	if err := checkBody(in.MessageBody); err != nil {
		return err
	}
	for name, v := range in.MessageSystemAttributes {
		if name != "AWSTraceHeader" || v.DataType != "String" {
			return errInvalid("Message system attribute name '%.300s' is invalid: it can be AWSTraceHeader, a String.", name)
		}
		if err := checkMessageAttribute(name, v); err != nil {
			return err
		}
	}
	if in.DelaySeconds != nil && (*in.DelaySeconds < 0 || *in.DelaySeconds > 900) {
		return errParameter("DelaySeconds", *in.DelaySeconds, "DelaySeconds must be >= 0 and <= 900.")
	}
	if err := checkID("MessageGroupId", in.MessageGroupId); err != nil {
		return err
	}
	if err := checkID("MessageDeduplicationId", in.MessageDeduplicationId); err != nil {
		return err
	}
	return checkAttributes(in.MessageAttributes)
}

func checkID(name string, value *string) error {
	if value != nil && !fifo.ValidID(*value) {
		return errParameter(name, *value, name+" can only include alphanumeric and punctuation characters. 1 to 128 in length.")
	}
	return nil
}

func textOf(optional *string) string {
	if optional == nil {
		return ""
	}
	return *optional
}

// sender returns the SenderId for the caller: the account id for the root user, else the caller's ARN.
func sender(ctx context.Context) string {
	if caller := wire.CallerOf(ctx); !caller.Root() {
		return caller.ARN()
	}
	return wire.Account
}

// put adds a message with the content, or returns the message that it duplicates.
func (q *queue) put(c content, delaySeconds *int) (*message, error) {
	now := q.lock()
	defer q.unlock()
	if size := c.size(); size > q.settings.maxMessage {
		return nil, errInvalid("One or more parameters are invalid. Reason: Message must be shorter than %d bytes.", q.settings.maxMessage)
	}
	delay := q.settings.delay
	if delaySeconds != nil && !q.fifo {
		delay = time.Duration(*delaySeconds) * time.Second
	}
	if !q.fifo {
		if c.dedup != "" { // a group is allowed: see the developer guide, "Amazon SQS fair queues"
			return nil, errParameter("MessageDeduplicationId", c.dedup, otherType)
		}
		if q.duplicates(q.name) {
			q.accept(newMessage(c, now), delay, now)
		}
		return q.accept(newMessage(c, now), delay, now), nil
	}
	if delaySeconds != nil && *delaySeconds != 0 {
		return nil, errParameter("DelaySeconds", *delaySeconds, otherType)
	}
	return q.putFIFO(c, delay, now)
}

// accept adds a new message and reports it to the tap. The caller holds the mutex.
func (q *queue) accept(m *message, delay time.Duration, now time.Time) *message {
	note := ""
	if delay > 0 {
		note = "delayed by " + strconv.Itoa(int(delay/time.Second)) + " s"
	}
	q.report(tap.Delivered, m, m.from, note)
	q.add(m, now.Add(delay), now)
	return m
}
