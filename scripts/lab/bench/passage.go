package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"golang.org/x/sync/errgroup"
)

const (
	receiveBatch = 10 // messages per receive
	publishers   = 8
	consumers    = 2 // each receives batches, so a few suffice
)

// route is a way for a message to the queue.
type route struct {
	name    string
	setUp   func(ctx context.Context, c *contestant) error // creates it, for the queue with this URL
	publish func(ctx context.Context, c *contestant) error
}

// stageRoute starts the servers for a route.
func (r *session) stageRoute(ctx context.Context, way route) (*match, error) {
	return r.stage(ctx, scenario{batch: receiveBatch, setUp: way.setUp, calls: func(ctx context.Context, c *contestant) error {
		if err := way.publish(ctx, c); err != nil {
			return err
		}
		got, err := c.consume(ctx)
		if err == nil && got != 1 {
			err = fmt.Errorf("%d messages came out where one was published", got)
		}
		return err
	}})
}

// through measures how many messages per second pass through a route and the queue, at the clients' maximum.
func (r *session) through(ctx context.Context, way route) (err error) {
	m, err := r.stageRoute(ctx, way)
	if err != nil {
		return err
	}
	defer func() { err = m.end(err) }()
	var all series
	for i := range r.scale.repeats {
		r.progress("%s: %d of %d", way.name, i+1, r.scale.repeats)
		t, err := m.turn(func(c *contestant) (figure, error) {
			p := newPassage(c, r.scale.messages)
			f, err := c.timed(r.scale.messages, func() error {
				return p.run(ctx, consumers, func(ctx context.Context) error {
					return spread(ctx, publishers, len(p.sent), func(ctx context.Context, _ int) error { return p.publish(ctx, way) })
				})
			})
			return f.latencies(p.delays), err
		})
		if err != nil {
			return fmt.Errorf("%s: %w", way.name, err)
		}
		all = append(all, t)
	}
	r.report.network(way.name, fmt.Sprintf("%d publishers, %d consumers", publishers, consumers), all)
	r.report.networkGoals(way.name, all)
	r.report.latency(way.name+", as fast as it goes", all)
	return nil
}

// passage is a number of messages that pass through. Since the servers roughly keep their order, the k-th message
// received counts as the k-th sent: the null server's messages can't be identified.
type passage struct {
	*contestant
	entered, left atomic.Int64
	sent          []time.Time
	delays        []time.Duration
}

func newPassage(c *contestant, n int) *passage {
	return &passage{contestant: c, sent: make([]time.Time, n), delays: make([]time.Duration, n)}
}

// publish publishes the next message.
func (p *passage) publish(ctx context.Context, way route) error {
	p.sent[p.entered.Add(1)-1] = time.Now()
	return way.publish(ctx, p.contestant)
}

// run publishes with a function and returns when all messages were received.
func (p *passage) run(ctx context.Context, consumers int, publish func(context.Context) error) error {
	group, ctx := errgroup.WithContext(ctx)
	consuming, done := context.WithCancel(ctx)
	defer done()
	group.Go(func() error { return publish(ctx) })
	for range consumers {
		group.Go(func() error {
			for {
				if err := p.drain(consuming); err != nil && consuming.Err() == nil {
					return err
				}
				if p.left.Load() == int64(len(p.sent)) {
					done()
				}
				if consuming.Err() != nil {
					return ctx.Err()
				}
			}
		})
	}
	return group.Wait()
}

// drain receives some messages, records how long they took, and deletes them.
func (p *passage) drain(ctx context.Context) error {
	_, err := p.consumeWith(ctx, func(n int) {
		now := time.Now()
		last := int(p.left.Add(int64(n)))
		for k := last - n; k < last; k++ {
			p.delays[k] = now.Sub(p.sent[k])
		}
	})
	return err
}

var errUndeleted = errors.New("messages were not deleted")

func (c *contestant) consume(ctx context.Context) (n int, err error) {
	return c.consumeWith(ctx, func(int) {})
}

// consumeWith receives messages as a worker does, reports their number, and deletes them.
func (c *contestant) consumeWith(ctx context.Context, received func(n int)) (int, error) {
	out, err := c.sqs.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl: &c.queue, MaxNumberOfMessages: receiveBatch, WaitTimeSeconds: 20,
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameApproximateReceiveCount},
	})
	if err != nil || len(out.Messages) == 0 {
		return 0, err
	}
	received(len(out.Messages))
	entries := make([]types.DeleteMessageBatchRequestEntry, len(out.Messages))
	for i, m := range out.Messages {
		entries[i] = types.DeleteMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(i)), ReceiptHandle: m.ReceiptHandle}
	}
	deleted, err := c.sqs.DeleteMessageBatch(context.WithoutCancel(ctx), &sqs.DeleteMessageBatchInput{QueueUrl: &c.queue, Entries: entries})
	if err == nil && len(deleted.Failed) > 0 {
		err = fmt.Errorf("%w: %d", errUndeleted, len(deleted.Failed))
	}
	return len(entries), err
}
