package deadletters

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"golang.org/x/sync/errgroup"

	"example.com/troupe/scripts/internal/target"
)

// Queue is one of a service's dead-letter queues.
type Queue struct {
	client *sqs.Client
	url    string
	main   string // URL of the service's main queue
	tasks  bool   // reports whether SQS offers move tasks for it
}

// Failed returns the queue of messages that a service failed to handle.
func Failed(client *sqs.Client, of target.Queues) Queue {
	return Queue{client: client, url: of.DeadLetter, main: of.Main, tasks: true}
}

// Undelivered returns the queue of events that rules and topics could not deliver to a service.
func Undelivered(client *sqs.Client, of target.Queues) Queue {
	return Queue{client: client, url: of.Undelivered, main: of.Main}
}

// Numbers of messages, and the duration of a look.
const (
	batch    = 10 // SQS's maximum per call
	patience = 2  // seconds that a look waits for messages: longer than another short look hides them
	spare    = time.Minute
	givers   = 8 // concurrent calls that make messages visible again
)

// View is the result of a look.
type View struct {
	Letters []Letter `json:"letters"`
	Total   int      `json:"total"` // messages in the queue; approximate on AWS
}

// Look returns up to a maximum number of messages.
func (q Queue) Look(ctx context.Context, most int) (View, error) {
	total, err := q.count(ctx)
	if err != nil {
		return View{}, err
	}
	letters, err := q.hold(ctx, min(max(total, 1), most), spare)
	if back := q.giveBack(ctx, letters); err == nil {
		err = back
	}
	return View{letters, max(total, len(letters))}, err
}

// count returns the number of messages that can be received.
func (q Queue) count(ctx context.Context) (int, error) {
	value, err := q.attribute(ctx, q.url, types.QueueAttributeNameApproximateNumberOfMessages)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(value)
}

func (q Queue) attribute(ctx context.Context, url string, name types.QueueAttributeName) (string, error) {
	out, err := q.client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: []types.QueueAttributeName{name}})
	if err != nil {
		return "", fmt.Errorf("get %[2]s of queue %[1]s: %[3]w", url, name, err)
	}
	return out.Attributes[string(name)], nil
}

// hold receives messages and keeps them hidden for a time. It stops when a message arrives a second time, since it
// has then seen all. It returns what it holds even with an error.
func (q Queue) hold(ctx context.Context, most int, hidden time.Duration) (held []Letter, err error) {
	held = []Letter{}
	places := map[string]int{} // index in held, by message ID
	for len(held) < most {
		out, err := q.client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
			QueueUrl: &q.url, MaxNumberOfMessages: int32(min(batch, most-len(held))),
			VisibilityTimeout: int32(hidden / time.Second), WaitTimeSeconds: patience,
			MessageAttributeNames: []string{"All"}, MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
		})
		if err != nil {
			return held, fmt.Errorf("receive from %s: %w", q.url, err)
		}
		again := false
		for _, m := range out.Messages {
			letter := newLetter(m)
			if at, seen := places[letter.ID]; seen {
				held[at], again = letter, true // the receipt has changed
				continue
			}
			places[letter.ID] = len(held)
			held = append(held, letter)
		}
		if again || len(out.Messages) == 0 {
			break
		}
	}
	return held, nil
}

// giveBack makes messages visible to others again, even if the caller's context has ended.
func (q Queue) giveBack(ctx context.Context, letters []Letter) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), spare)
	defer cancel()
	var group errgroup.Group
	group.SetLimit(givers)
	for _, l := range letters {
		group.Go(func() error {
			_, err := q.client.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{QueueUrl: &q.url, ReceiptHandle: l.receipt, VisibilityTimeout: 0})
			if err != nil {
				return fmt.Errorf("return message %s to %s (it becomes visible again by itself): %w", l.ID, q.url, err)
			}
			return nil
		})
	}
	return group.Wait()
}
