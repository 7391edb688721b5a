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

// Queue is a dead-letter queue of a service.
type Queue struct {
	client *sqs.Client
	url    string
	main   string // URL of the service's own queue
	tasks  bool   // whether SQS has move tasks for it
}

// Failed is the queue of what a service failed at.
func Failed(client *sqs.Client, of target.Queues) Queue {
	return Queue{client: client, url: of.DeadLetter, main: of.Main, tasks: true}
}

// Undelivered is the queue of what rules and topics could not deliver to a service.
func Undelivered(client *sqs.Client, of target.Queues) Queue {
	return Queue{client: client, url: of.Undelivered, main: of.Main}
}

// Counts of messages and times of a look.
const (
	batch    = 10 // the most that SQS gives at once
	patience = 2  // seconds: how long a look waits for messages; longer than another look of a few hides them
	spare    = time.Minute
	givers   = 8 // messages given back at a time
)

// View is what a look has found.
type View struct {
	Letters []Letter `json:"letters"`
	Total   int      `json:"total"` // that the queue says it holds: on AWS approximately
}

// Look shows messages, and so many at the most.
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

// count asks how many messages can be received.
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
		return "", fmt.Errorf("ask queue %s for its %s: %w", url, name, err)
	}
	return out.Attributes[string(name)], nil
}

// hold takes messages and keeps them hidden for a time. It returns what it holds even with an error. It ends when a message
// comes a second time: all have been seen.
func (q Queue) hold(ctx context.Context, most int, hidden time.Duration) (held []Letter, err error) {
	held = []Letter{}
	places := map[string]int{} // in held, by id
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
				held[at], again = letter, true // the receipt is another
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

// giveBack lets others see messages again, even where whoever held them has given up.
func (q Queue) giveBack(ctx context.Context, letters []Letter) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), spare)
	defer cancel()
	var group errgroup.Group
	group.SetLimit(givers)
	for _, l := range letters {
		group.Go(func() error {
			_, err := q.client.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{QueueUrl: &q.url, ReceiptHandle: l.receipt, VisibilityTimeout: 0})
			if err != nil {
				return fmt.Errorf("give message %s back to %s (it comes back by itself): %w", l.ID, q.url, err)
			}
			return nil
		})
	}
	return group.Wait()
}
