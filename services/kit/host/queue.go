package host

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"example.com/troupe/events"
	"example.com/troupe/services/kit/inbox"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// longPollSeconds is the longest that SQS lets a receive wait.
const longPollSeconds = 20

// The deadlines of a worker's own calls, retries included, so that a peer that accepts and
// never answers costs one call and not the worker. Calls of a unit of work end with its time.
const (
	receiveTime = longPollSeconds*time.Second + 5*time.Second
	deleteTime  = 10 * time.Second
)

// sqsAPI is what the host needs of an *sqs.Client.
type sqsAPI interface {
	ReceiveMessage(context.Context, *sqs.ReceiveMessageInput, ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error)
	DeleteMessageBatch(context.Context, *sqs.DeleteMessageBatchInput, ...func(*sqs.Options)) (*sqs.DeleteMessageBatchOutput, error)
	ChangeMessageVisibility(context.Context, *sqs.ChangeMessageVisibilityInput, ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityOutput, error)
	SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
}

// message is one delivery of an SQS message, whether polled or brought by Lambda.
type message struct {
	id       string
	receipt  string
	body     string
	receives int       // this delivery included
	sent     time.Time // by SQS's clock; zero if unknown

	envelope  events.Envelope // the event in the body
	malformed error           // why there is none
	store     inbox.Driver    // where it reads what was prefetched; may be nil
}

// newMessage decodes a message. The contracts are those of the service's handlers, by which an event from outside is recognised.
func newMessage(id, receipt, body string, attributes map[string]string, contracts ...*events.Contract) message {
	receives, _ := strconv.Atoi(attributes["ApproximateReceiveCount"])
	m := message{id: id, receipt: receipt, body: body, receives: max(receives, 1)}
	if sent, err := strconv.ParseInt(attributes["SentTimestamp"], 10, 64); err == nil { // milliseconds, says ReceiveMessage
		m.sent = time.UnixMilli(sent)
	}
	m.envelope, m.malformed = events.Decode([]byte(body), contracts...)
	return m
}

// queue is the service's own queue and its dead-letter queue.
type queue struct {
	api         sqsAPI
	url         string
	deadLetters string // URL
	contracts   []*events.Contract
}

// receive waits for messages, as long as SQS allows, and returns n of them at most.
func (q queue) receive(ctx context.Context, n int) ([]message, error) {
	ctx, cancel := context.WithTimeout(ctx, receiveTime)
	defer cancel()
	out, err := q.api.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl: &q.url, MaxNumberOfMessages: int32(n), WaitTimeSeconds: longPollSeconds,
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{
			types.MessageSystemAttributeNameApproximateReceiveCount, types.MessageSystemAttributeNameSentTimestamp,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("receive messages: %w", err)
	}
	received := make([]message, len(out.Messages))
	for i, m := range out.Messages {
		received[i] = newMessage(aws.ToString(m.MessageId), aws.ToString(m.ReceiptHandle), aws.ToString(m.Body), m.Attributes, q.contracts...)
	}
	return received, nil
}

// delete acknowledges messages by their receipts.
func (q queue) delete(ctx context.Context, receipts []string) error {
	ctx, cancel := context.WithTimeout(ctx, deleteTime)
	defer cancel()
	entries := make([]types.DeleteMessageBatchRequestEntry, len(receipts))
	for i := range receipts {
		entries[i] = types.DeleteMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(i)), ReceiptHandle: &receipts[i]}
	}
	out, err := q.api.DeleteMessageBatch(ctx, &sqs.DeleteMessageBatchInput{QueueUrl: &q.url, Entries: entries})
	if err != nil {
		return fmt.Errorf("delete %d messages: %w", len(receipts), err)
	}
	var errs []error
	for _, failed := range out.Failed {
		errs = append(errs, fmt.Errorf("delete message: %s: %s", aws.ToString(failed.Code), aws.ToString(failed.Message)))
	}
	return errors.Join(errs...)
}

// hide changes the visibility timeout of a message, counted from now.
func (q queue) hide(ctx context.Context, m message, d time.Duration) error {
	_, err := q.api.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{
		QueueUrl: &q.url, ReceiptHandle: &m.receipt, VisibilityTimeout: int32(d / time.Second),
	})
	if err != nil {
		return fmt.Errorf("change visibility of message %s: %w", m.id, err)
	}
	return nil
}

// deadLetter sends a copy of a message to the dead-letter queue, with attributes that say why.
func (q queue) deadLetter(ctx context.Context, m message, why map[string]string) error {
	attributes := map[string]types.MessageAttributeValue{}
	for name, value := range why {
		if value = printable(value); value != "" { // SQS refuses empty values
			attributes[name] = types.MessageAttributeValue{DataType: aws.String("String"), StringValue: &value}
		}
	}
	in := &sqs.SendMessageInput{QueueUrl: &q.deadLetters, MessageBody: &m.body, MessageAttributes: attributes}
	if _, err := q.api.SendMessage(ctx, in); err != nil {
		return fmt.Errorf("dead-letter message %s: %w", m.id, err)
	}
	return nil
}

// maxAttribute limits an attribute, in bytes: attributes count towards the message's size.
const maxAttribute = 1024

// printable makes a text fit for an attribute: SQS takes only characters that XML 1.0 allows.
func printable(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case unicode.IsControl(r), r == '\uFFFE', r == '\uFFFF':
			return -1
		}
		return r
	}, text)
	if len(text) > maxAttribute {
		text = text[:maxAttribute]
	}
	return strings.ToValidUTF8(text, "")
}
