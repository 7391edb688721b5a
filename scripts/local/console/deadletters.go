package console

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/target"
)

// deadLetter is a message that a service failed at, or that did not reach it.
type deadLetter struct {
	ID        string            `json:"id"`
	SentAt    time.Time         `json:"sentAt"`
	Type      string            `json:"type,omitempty"`      // of event
	Subject   string            `json:"subject,omitempty"`   //
	Execution string            `json:"execution,omitempty"` //
	Why       map[string]string `json:"why"`                 // the message's attributes: reason, error, …
	Body      json.RawMessage   `json:"body,omitempty"`      // where payloads may be shown
}

// queuesOf finds a service's queues, and the one that is asked for, or answers that there is none.
func (c *Console) queuesOf(w http.ResponseWriter, r *http.Request) (urls target.Queues, url string) {
	urls, known := c.scene.Load().target.Queues[r.PathValue("service")]
	switch queue := r.PathValue("queue"); {
	case known && queue == "dead":
		return urls, urls.DeadLetter
	case known && queue == "undelivered":
		return urls, urls.Undelivered
	}
	problem(w, http.StatusNotFound, "A service with a queue has two more: dead and undelivered.")
	return urls, ""
}

// How long messages may stay hidden from others when they are looked at, should giving them back fail, and how long a look
// waits for them, in seconds: the longer, so that one look after another finds them. The client takes a zero for the
// queue's own settings, which are longer by far.
const (
	hidden  = 1
	patient = 2
)

// peek answers with some of the messages of a dead-letter queue, at most ten.
func (c *Console) peek(w http.ResponseWriter, r *http.Request) {
	_, url := c.queuesOf(w, r)
	if url == "" {
		return
	}
	out, err := c.queues().ReceiveMessage(r.Context(), &sqs.ReceiveMessageInput{
		QueueUrl: &url, MaxNumberOfMessages: 10, VisibilityTimeout: hidden, WaitTimeSeconds: patient,
		MessageAttributeNames: []string{"All"}, MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
	})
	if err != nil {
		problem(w, http.StatusBadGateway, err.Error())
		return
	}
	letters := make([]deadLetter, len(out.Messages))
	for i, m := range out.Messages {
		_, _ = c.queues().ChangeMessageVisibility(r.Context(), &sqs.ChangeMessageVisibilityInput{QueueUrl: &url, ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: 0})
		letters[i] = newDeadLetter(m)
		if !c.options.Payloads {
			letters[i].Body = nil
		}
	}
	answer(w, http.StatusOK, letters)
}

func newDeadLetter(m types.Message) deadLetter {
	body := []byte(aws.ToString(m.Body))
	letter := deadLetter{ID: aws.ToString(m.MessageId), Why: map[string]string{}, Body: body}
	if sent, err := strconv.ParseInt(m.Attributes["SentTimestamp"], 10, 64); err == nil {
		letter.SentAt = time.UnixMilli(sent)
	}
	for name, value := range m.MessageAttributes {
		letter.Why[name] = aws.ToString(value.StringValue)
	}
	if count := m.Attributes["ApproximateReceiveCount"]; letter.Why["attempt"] == "" {
		letter.Why["receives"] = count
	}
	envelope, _ := events.Decode(body) // what could be read of it
	about := envelope.Metadata
	letter.Type, letter.Subject, letter.Execution = about.Type, about.Subject, about.CorrelationID
	if !json.Valid(body) {
		letter.Body, _ = json.Marshal(string(body)) // a string always has JSON
	}
	return letter
}

// redrive moves the messages of a dead-letter queue to the service's queue.
func (c *Console) redrive(w http.ResponseWriter, r *http.Request) {
	urls, url := c.queuesOf(w, r)
	if url == "" {
		return
	}
	move := c.startMove
	if url == urls.Undelivered {
		move = c.moveSome
	}
	if err := move(r.Context(), url, urls.Main); err != nil {
		problem(w, http.StatusBadGateway, err.Error())
		return
	}
	answer(w, http.StatusAccepted, struct{}{})
}

// startMove lets SQS move all messages. The destination is named, because a message that a service parked itself never
// lay in another queue.
func (c *Console) startMove(ctx context.Context, from, to string) error {
	source, err := c.arn(ctx, from)
	if err != nil {
		return err
	}
	destination, err := c.arn(ctx, to)
	if err != nil {
		return err
	}
	_, err = c.queues().StartMessageMoveTask(ctx, &sqs.StartMessageMoveTaskInput{SourceArn: &source, DestinationArn: &destination})
	return err
}

// mostMoved is how many messages moveSome moves at the most.
const mostMoved = 1000

// moveSome moves messages one by one: SQS has no move tasks for the dead letters of rules and topics (API reference of
// StartMessageMoveTask). Each is deleted after it was sent: a crash between the two sends it twice, which does no
// harm, since services handle an event once.
func (c *Console) moveSome(ctx context.Context, from, to string) error {
	for range mostMoved {
		out, err := c.queues().ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &from, WaitTimeSeconds: patient})
		if err != nil {
			return fmt.Errorf("receive: %w", err)
		}
		if len(out.Messages) == 0 {
			return nil
		}
		m := out.Messages[0]
		if _, err := c.queues().SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &to, MessageBody: m.Body}); err != nil {
			return fmt.Errorf("send: %w", err)
		}
		if _, err := c.queues().DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &from, ReceiptHandle: m.ReceiptHandle}); err != nil {
			return fmt.Errorf("delete what was moved: %w", err)
		}
	}
	return nil
}

func (c *Console) queues() *sqs.Client { return sqs.NewFromConfig(c.scene.Load().target.Config) }

// arn asks a queue for its name.
func (c *Console) arn(ctx context.Context, url string) (string, error) {
	out, err := c.queues().GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: &url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameQueueArn},
	})
	if err != nil {
		return "", fmt.Errorf("ask a queue for its ARN: %w", err)
	}
	return out.Attributes[string(types.QueueAttributeNameQueueArn)], nil
}
