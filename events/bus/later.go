package bus

import (
	"context"
	"fmt"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/events/bus/jitter"
)

// Schedules are where a producer's reminders of more than 15 minutes are kept.
type Schedules struct {
	Group       string // the name of the schedule group
	Role        string // ARN of the role with which they are sent
	Queue       string // ARN of the producer's own queue
	DeadLetters string // ARN of the queue for what can't be sent
}

// Scheduler keeps reminders until they are due, and then sends them to the producer's own queue. services/kit/reminders does
// it with EventBridge Scheduler; its client is not linked here, because few producers need it.
type Scheduler interface {
	// Schedule keeps a message under a name until it is due. It does nothing if the name is taken.
	Schedule(ctx context.Context, name string, due time.Time, body string) error
	// Cancel forgets the message with a name, or does nothing if there is none.
	Cancel(ctx context.Context, name string) error
}

// scheduleBytes limits a reminder: a schedule's input (EventBridge Scheduler user guide, "Quotas").
const scheduleBytes = 262_144

// later keeps reminders that are due later than SQS can delay a message: each with a call of its own. A repeat that comes
// when there is less time left goes through SQS; whoever receives it twice handles it once.
type later struct{ scheduler Scheduler }

func (*later) limits() limits { return limits{entries: 1, bytes: scheduleBytes} }

func (*later) destination(events.Metadata) string { return "scheduler" }

func (*later) size(e entry) int { return len(e.body) }

func (l *later) send(ctx context.Context, _ string, batch []entry) ([]result, error) {
	e := batch[0]
	return []result{{}}, l.scheduler.Schedule(ctx, e.Envelope.Metadata.ID, e.Due, e.body)
}

// Cancel cancels reminders by the IDs of their events, with retries as Publish. Without a scheduler there are none to cancel.
func (b *Bus) Cancel(ctx context.Context, ids ...string) error {
	if b.later == nil {
		return nil
	}
	for _, id := range ids {
		if err := b.later.cancel(ctx, id); err != nil {
			return fmt.Errorf("cancel reminder %s: %w", id, err)
		}
	}
	return nil
}

func (l *later) cancel(ctx context.Context, id string) error {
	for try := 1; ; try++ {
		err := l.scheduler.Cancel(ctx, id)
		if err == nil || try == maxTries || !transient(err) {
			return err
		}
		if paused := jitter.Pause(ctx, pause(try), try, id); paused != nil {
			return paused
		}
	}
}
