package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// sqsClients are the numbers of concurrent clients.
var sqsClients = []int{1, 8, 32}

// operation is an SQS operation on the i-th message of a measurement.
type operation struct {
	name string
	call func(ctx context.Context, c *contestant, i int) error
}

// operations are in the order in which a message goes through them.
var operations = []operation{
	{"send", func(ctx context.Context, c *contestant, _ int) error {
		_, err := c.sqs.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &c.queue, MessageBody: aws.String(payload)})
		return err
	}},
	{"receive", func(ctx context.Context, c *contestant, i int) error {
		out, err := c.sqs.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &c.queue})
		if err == nil && len(out.Messages) != 1 {
			err = fmt.Errorf("a receive gave %d messages, of which there are some", len(out.Messages))
		}
		if err == nil {
			c.receipts[i] = *out.Messages[0].ReceiptHandle
		}
		return err
	}},
	{"delete", func(ctx context.Context, c *contestant, i int) error {
		_, err := c.sqs.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &c.queue, ReceiptHandle: &c.receipts[i]})
		return err
	}},
}

// queue measures each operation separately.
func (r *session) queue(ctx context.Context) (err error) {
	m, err := r.stage(ctx, scenario{batch: 1, setUp: createQueue, calls: func(ctx context.Context, c *contestant) error {
		c.receipts = make([]string, 1)
		for _, o := range operations {
			if err := o.call(ctx, c, 0); err != nil {
				return fmt.Errorf("%s: %w", o.name, err)
			}
		}
		return nil
	}})
	if err != nil {
		return err
	}
	defer func() { err = m.end(err) }()
	var all []series
	for _, clients := range sqsClients {
		measured, err := r.cycles(ctx, m, clients)
		if err != nil {
			return err
		}
		for i, o := range operations {
			r.report.network("SQS", fmt.Sprintf("%s, clients: %d", o.name, clients), measured[i])
		}
		all = append(all, measured...)
	}
	r.report.networkGoals("SQS", all...)
	return nil
}

// cycles measures each operation with a number of clients. Each operation uses what the previous one left.
func (r *session) cycles(ctx context.Context, m *match, clients int) ([]series, error) {
	n := r.scale.messages
	if clients == 1 {
		n /= 4 // so that it takes as long
	}
	measured := make([]series, len(operations))
	for i := range r.scale.repeats {
		r.progress("SQS, %d clients: %d of %d", clients, i+1, r.scale.repeats)
		for at, o := range operations {
			t, err := m.turn(func(c *contestant) (figure, error) {
				c.receipts = slices.Grow(c.receipts, n)[:n]
				return c.timed(n, func() error {
					return spread(ctx, clients, n, func(ctx context.Context, i int) error { return o.call(ctx, c, i) })
				})
			})
			if err != nil {
				return nil, fmt.Errorf("%s with %d clients: %w", o.name, clients, err)
			}
			measured[at] = append(measured[at], t)
		}
	}
	return measured, nil
}

func createQueue(ctx context.Context, c *contestant) error {
	_, err := c.sqs.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String(resource)})
	return err
}
