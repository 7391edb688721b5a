package host

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
)

// badContract is the reason for which a message that is no event for this service is dead-lettered.
const badContract = "bad-contract"

// settleTime bounds what is done about a message whose own time may be over: its
// back-off or its dead-lettering.
const settleTime = 2 * time.Second

// consumer handles messages: decode, check, run in a unit of work, publish. Whoever
// brought the message acknowledges it after that.
type consumer struct {
	*units
	handlers map[string]eventing.Handler
	queue    queue
}

// deliver handles a message and tells whether it may be acknowledged: it had its effect
// and its events are out, or it lies in the dead-letter queue. Otherwise it has been put
// off, and comes again.
func (c *consumer) deliver(ctx context.Context, m message) (acknowledge bool) {
	step := &events.Step{Attempt: m.receives, StartedAt: time.Now()}
	handler := c.handlers[m.envelope.Metadata.Type]
	c.about(step, handler, m)

	ctx = withCorrelation(ctx, m.envelope.Metadata.CorrelationID)
	ctx, span := c.process(ctx, m.envelope.Metadata, m)
	err := c.handle(ctx, handler, m, step)
	acknowledge = err == nil || c.settle(ctx, handler, m, step, err)
	end(span, err)
	c.report(ctx, step)
	return acknowledge
}

// about notes in a step what it is about.
func (c *consumer) about(step *events.Step, handler eventing.Handler, m message) {
	about := m.envelope.Metadata
	step.Handler, step.EventID, step.EventType, step.Subject = handler.Name, about.ID, about.Type, about.Subject
	step.CorrelationID, step.CausationID = about.CorrelationID, about.CausationID
	if !about.OccurredAt.IsZero() {
		step.WaitedMS = max(0, milliseconds(step.StartedAt.Sub(about.OccurredAt)))
	}
	if step.In = c.payload(m.envelope.Data); step.In == nil {
		step.In = c.payload([]byte(m.body))
	}
}

// handle gives an event its effect, once, and publishes what was said.
func (c *consumer) handle(ctx context.Context, handler eventing.Handler, m message, step *events.Step) error {
	about, data := m.envelope.Metadata, m.envelope.Data
	if m.malformed != nil {
		return eventing.Permanent(badContract, m.malformed)
	}
	if handler.Contract == nil {
		return eventing.Permanent(badContract, fmt.Errorf("no handler for %s", about.Type))
	}
	if err := schema.Validate(handler.Contract, data); err != nil {
		return eventing.Permanent(badContract, err)
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("not started: %w", err)
	}
	cause := eventing.Cause{Event: about, Handler: about.Type, Producer: c.manifest.Name}
	done, err := c.commit(ctx, unitKey(about), m.ahead, cause, func(ctx context.Context, tx *eventing.Tx) (inbox.Record, error) {
		return inbox.Record{}, handler.Handle(ctx, tx, data)
	})
	if err != nil {
		return err
	}
	c.came(step, done)
	return c.publish(ctx, done.record.Messages, step)
}

// unitKey is that of the unit of work that an event is given: of its handler and its id.
func unitKey(about events.Metadata) string { return about.Type + "/" + about.ID }

// settle dead-letters a message that failed for good, or puts off its next delivery. It
// tells whether the message may be acknowledged.
func (c *consumer) settle(ctx context.Context, handler eventing.Handler, m message, step *events.Step, failure error) (acknowledge bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	step.Error = failure.Error()
	if reason, permanent := handler.Permanence(failure); permanent {
		parking := c.queue.park(ctx, m, c.deadLetter(step, reason))
		if parking == nil {
			step.Outcome, step.Reason = events.DeadLettered, reason
			return true
		}
		failure = errors.Join(failure, parking)
		step.Error = failure.Error()
	}
	delay := backoff(m, failure)
	step.Outcome, step.RetryMS = events.Retried, milliseconds(delay)
	if err := c.queue.hide(ctx, m, delay); err != nil {
		slog.WarnContext(ctx, "back-off failed: the message comes again when its visibility ends", "error", err)
	}
	return false
}

// deadLetter returns what a dead letter's attributes say; SQS allows ten.
func (c *consumer) deadLetter(step *events.Step, reason string) map[string]string {
	return map[string]string{
		"reason":        reason,
		"error":         step.Error,
		"service":       c.manifest.Name,
		"eventType":     step.EventType,
		"eventId":       step.EventID,
		"correlationId": step.CorrelationID,
		"attempt":       strconv.Itoa(step.Attempt),
	}
}
