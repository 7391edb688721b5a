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
	"example.com/troupe/services/kit/unit"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// badContract is the reason why a message that is not a valid event for this service is
// dead-lettered.
const badContract = "bad-contract"

// settleTime bounds the back-off or the dead-lettering of a message, whose own time may be
// over. A service with a short time-out has less.
const settleTime = 2 * time.Second

// consumer handles messages. Whoever brought a message acknowledges it after that.
type consumer struct {
	runner   *unit.Runner
	handlers map[string]eventing.Handler // by type of event
	queue    queue
	breaker  breaker
	settling time.Duration
}

// prefetch reads ahead for a batch of messages.
func (c *consumer) prefetch(ctx context.Context, batch []message) {
	var about []events.Metadata
	var valid []*message
	for i := range batch {
		if batch[i].malformed == nil {
			about, valid = append(about, batch[i].envelope.Metadata), append(valid, &batch[i])
		}
	}
	if len(about) == 0 || c.breaker.open() {
		return
	}
	for i, store := range c.runner.Prefetch(ctx, about) {
		valid[i].store = store
	}
}

// delivery is one delivery of a message while it is handled.
type delivery struct {
	message
	handler eventing.Handler // zero for a message that no handler takes
	step    *events.Step
	span    trace.Span
}

// deliver handles a message of the queue and reports whether it may be acknowledged: it had
// its effect and its events are published, or it is in the dead-letter queue. Otherwise it
// comes again after a back-off.
func (c *consumer) deliver(ctx context.Context, m message) (acknowledge bool) {
	ctx, d := c.begin(ctx, m)
	err := c.handle(ctx, d)
	acknowledge = err == nil || c.settle(ctx, d, err)
	c.end(ctx, d, err)
	return acknowledge
}

// begin starts the step and the span of a message, in the trace of its event.
func (c *consumer) begin(ctx context.Context, m message) (context.Context, *delivery) {
	about := m.envelope.Metadata
	d := &delivery{message: m, handler: c.handlers[about.Type]}
	d.step = &events.Step{
		Handler: d.handler.Name, EventID: about.ID, EventType: about.Type, Subject: about.Subject,
		CorrelationID: about.CorrelationID, CausationID: about.CausationID, Attempt: m.receives, StartedAt: time.Now(),
	}
	if !m.sent.IsZero() && m.receives == 1 { // a redelivered message was hidden for an unknown part of the time
		waited := unit.Milliseconds(d.step.StartedAt.Sub(m.sent))
		d.step.WaitedMS, d.step.ClockMS = max(0, waited), max(0, -waited)
	}
	ctx = unit.WithCorrelation(ctx, about.CorrelationID, about.ID)
	ctx, d.step.In = c.runner.Event(ctx, d.handler.Contract, m.envelope.Data, m.body)
	ctx, d.span = c.runner.Start(ctx, "process "+about.Type,
		trace.SpanKindConsumer, propagation.MapCarrier{"traceparent": about.Traceparent},
		attribute.String("messaging.system", "aws_sqs"),
		attribute.String("messaging.operation.type", "process"),
		attribute.String("messaging.message.id", m.id),
		attribute.String("messaging.message.conversation_id", about.CorrelationID),
	)
	return ctx, d
}

// end ends the span of a message and reports its step.
func (c *consumer) end(ctx context.Context, d *delivery, err error) {
	unit.End(ctx, d.span, err)
	c.runner.Report(ctx, d.step)
}

// handle gives an event its effect, once, and publishes what its handler published.
func (c *consumer) handle(ctx context.Context, d *delivery) error {
	about := d.envelope.Metadata
	if d.malformed != nil {
		return eventing.Permanent(badContract, d.malformed)
	}
	if d.handler.Contract == nil {
		return eventing.Permanent(badContract, fmt.Errorf("no handler for %s", about.Type))
	}
	if err := schema.Validate(d.handler.Contract, d.envelope.Data); err != nil {
		return eventing.Permanent(badContract, err)
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("not started: %w", err)
	}
	if !c.breaker.admit() {
		return errResting
	}
	_, err := c.runner.Run(ctx, unit.Unit{
		Key:   unit.Key(about),
		Cause: eventing.Cause{Event: d.envelope, Handler: about.Type},
		Work:  d.handler.Handle,
		Store: d.store,
	}, d.step)
	_, permanent := d.handler.Permanence(err)
	c.breaker.note(ctx, err, permanent)
	return err
}

// settle dead-letters a message that failed permanently, or hides it until its next
// delivery. It reports whether the message may be acknowledged.
func (c *consumer) settle(ctx context.Context, d *delivery, failure error) (acknowledge bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.settling)
	defer cancel()
	d.step.Error = unit.Scrub(ctx, failure.Error())
	if reason, permanent := d.handler.Permanence(failure); permanent {
		err := c.queue.deadLetter(ctx, d.message, c.deadLetter(d.step, reason))
		if err == nil {
			d.step.Outcome, d.step.Reason = events.DeadLettered, reason
			return true
		}
		failure = errors.Join(failure, err)
		d.step.Error = unit.Scrub(ctx, failure.Error())
	}
	delay := backoff(d.message, failure)
	d.step.Outcome, d.step.RetryMS = events.Retried, unit.Milliseconds(delay)
	if err := c.queue.hide(ctx, d.message, delay); err != nil {
		slog.WarnContext(ctx, "back-off failed: the message comes again when its visibility timeout ends", "error", err)
	}
	return false
}

// deadLetter returns the attributes of a dead letter; SQS allows ten.
func (c *consumer) deadLetter(step *events.Step, reason string) map[string]string {
	return map[string]string{
		"reason":        reason,
		"error":         step.Error,
		"service":       c.runner.Manifest.Name,
		"eventType":     step.EventType,
		"eventId":       step.EventID,
		"correlationId": step.CorrelationID,
		"attempt":       strconv.Itoa(step.Attempt),
	}
}
