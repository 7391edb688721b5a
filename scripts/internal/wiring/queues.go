package wiring

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/scripts/internal/topology"
)

// serviceQueues creates a service's queues, dead-letter queues first, and adds their URLs to its environment.
func (w *Wirer) serviceQueues(ctx context.Context, s topology.Service) (Service, error) {
	made := Service{Environment: map[string]string{}}
	for name, value := range s.Environment {
		made.Environment[name] = value
	}
	for _, q := range []struct {
		queue    *topology.Queue
		url      *string
		variable string
	}{
		{s.DeadLetters, &made.DeadLetters, "DEAD_LETTER_QUEUE_URL"},
		{s.Undelivered, &made.Undelivered, ""},
		{s.Queue, &made.Queue, "QUEUE_URL"},
	} {
		if q.queue == nil {
			continue
		}
		url, err := w.queue(ctx, *q.queue)
		if err != nil {
			return Service{}, making("queue", q.queue.Name, err)
		}
		*q.url = url
		if q.variable != "" {
			made.Environment[q.variable] = url
		}
	}
	return made, nil
}

// queue creates a queue and then sets its attributes: SQS refuses to create an existing queue with other attributes.
func (w *Wirer) queue(ctx context.Context, q topology.Queue) (url string, err error) {
	created, err := w.queues.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &q.Name})
	if err != nil {
		return "", err
	}
	attributes, err := queueAttributes(q)
	if err != nil {
		return "", err
	}
	_, err = w.queues.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: created.QueueUrl, Attributes: attributes})
	return aws.ToString(created.QueueUrl), err
}

func queueAttributes(q topology.Queue) (map[string]string, error) {
	attributes := map[string]string{
		"VisibilityTimeout":             strconv.Itoa(q.VisibilitySeconds),
		"MessageRetentionPeriod":        strconv.Itoa(q.RetentionSeconds),
		"ReceiveMessageWaitTimeSeconds": strconv.Itoa(q.LongPollSeconds),
	}
	documents := map[string]any{}
	if q.Policy != nil {
		documents["Policy"] = q.Policy
	}
	if q.Redrive != nil {
		documents["RedrivePolicy"] = q.Redrive
	}
	if len(q.RedriveFrom) > 0 {
		documents["RedriveAllowPolicy"] = map[string]any{"redrivePermission": "byQueue", "sourceQueueArns": q.RedriveFrom}
	}
	for name, document := range documents {
		text, err := json.Marshal(document)
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", name, err)
		}
		attributes[name] = string(text)
	}
	return attributes, nil
}
