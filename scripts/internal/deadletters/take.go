package deadletters

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// most is the maximum number of messages that Take looks at.
const most = 1000

// Delete deletes the wanted messages among the first, at most MostMoved, and returns how many it deleted, even with an
// error. The others stay.
func (q Queue) Delete(ctx context.Context, wanted func(Letter) bool) (deleted int, err error) {
	total, err := q.count(ctx)
	if err != nil || total == 0 {
		return 0, err
	}
	n := min(total, MostMoved)
	held, err := q.hold(ctx, n, Moves{}.hidden(n))
	var kept []Letter
	for _, l := range held {
		if err != nil || !wanted(l) {
			kept = append(kept, l)
			continue
		}
		if _, failed := q.client.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &q.url, ReceiptHandle: l.receipt}); failed != nil {
			kept, err = append(kept, l), fmt.Errorf("delete message %s from %s: %w", l.ID, q.url, failed)
			continue
		}
		deleted++
	}
	return deleted, errors.Join(err, q.giveBack(ctx, kept))
}

// Take deletes and returns the first matching message, or nil if there is none. The others stay.
func (q Queue) Take(ctx context.Context, wanted func(Letter) bool) (*Letter, error) {
	total, err := q.count(ctx)
	if err != nil || total == 0 {
		return nil, err
	}
	held, err := q.hold(ctx, min(total, most), spare)
	var taken *Letter
	var others []Letter
	for _, l := range held {
		if taken != nil || !wanted(l) {
			others = append(others, l)
			continue
		}
		taken = &l
		if _, deleted := q.client.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &q.url, ReceiptHandle: l.receipt}); deleted != nil {
			err = errors.Join(err, fmt.Errorf("delete message %s from %s: %w", l.ID, q.url, deleted))
		}
	}
	return taken, errors.Join(err, q.giveBack(ctx, others))
}
