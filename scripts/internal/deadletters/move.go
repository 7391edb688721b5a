package deadletters

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"golang.org/x/time/rate"
)

// MostMoved is the maximum number of messages that Move moves. It holds all of them from the beginning, so that a
// message that fails again isn't moved in circles.
const MostMoved = 10_000

// Moves are the options of a move.
type Moves struct {
	PerSecond float64              // 0 means as fast as possible
	Progress  func(moved, all int) // may be nil
}

func (m Moves) report(moved, all int) {
	if m.Progress != nil {
		m.Progress(moved, all)
	}
}

func (m Moves) limit() rate.Limit {
	if m.PerSecond == 0 {
		return rate.Inf
	}
	return rate.Limit(m.PerSecond)
}

// hidden returns how long a number of messages must stay hidden.
func (m Moves) hidden(messages int) time.Duration {
	if m.PerSecond == 0 {
		return 5 * spare
	}
	return 5*spare + time.Duration(float64(messages)/m.PerSecond)*time.Second
}

// Move moves the wanted messages back to the service one by one. It returns those that it moved, even with an error.
func (q Queue) Move(ctx context.Context, wanted func(Letter) bool, how Moves) (moved []Letter, err error) {
	total, err := q.count(ctx)
	if err != nil {
		return nil, err
	}
	most := min(max(total, 1), MostMoved)
	held, err := q.hold(ctx, most, how.hidden(most))
	var kept, chosen []Letter
	for _, l := range held {
		if wanted(l) {
			chosen = append(chosen, l)
		} else {
			kept = append(kept, l)
		}
	}
	if err == nil {
		moved, err = q.moveEach(ctx, chosen, how)
	}
	return moved, errors.Join(err, q.giveBack(ctx, append(kept, chosen[len(moved):]...)))
}

func (q Queue) moveEach(ctx context.Context, letters []Letter, how Moves) (moved []Letter, err error) {
	limiter := rate.NewLimiter(how.limit(), 1)
	for i, l := range letters {
		if err := limiter.Wait(ctx); err != nil {
			return letters[:i], err
		}
		if err := q.moveOne(ctx, l); err != nil {
			return letters[:i], err
		}
		how.report(i+1, len(letters))
	}
	return letters, nil
}

// moveOne sends a message to the service and then deletes it here. It drops the attributes that give the reason.
func (q Queue) moveOne(ctx context.Context, l Letter) error {
	if _, err := q.client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &q.main, MessageBody: l.text}); err != nil {
		return fmt.Errorf("send message %s back to %s: %w", l.ID, q.main, err)
	}
	if _, err := q.client.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &q.url, ReceiptHandle: l.receipt}); err != nil {
		return fmt.Errorf("delete message %s from %s, after it was sent back: %w", l.ID, q.url, err)
	}
	return nil
}
