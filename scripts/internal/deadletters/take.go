package deadletters

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// most is the maximum number of messages that Take looks at.
const most = 1000

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
