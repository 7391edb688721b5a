package main

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"example.com/troupe/scripts/internal/deadletters"
)

// mostLetters is the maximum number of messages that are looked at in a dead-letter queue.
const mostLetters = 1000

// queue is what can be known about a service's queues without receiving messages.
type queue struct {
	Messages   int `json:"messages"`   // of the main queue, with those that are being handled or are delayed
	Dead       int `json:"dead"`       // of the dead-letter queues
	Unread     int `json:"unread"`     // of those, beyond what was looked at
	KeepsHours int `json:"keepsHours"` // how long the main queue keeps a message
	keeps      time.Duration
}

// about reports whether a dead letter is about the subject.
func (e *eraser) about(l deadletters.Letter) bool {
	return e.personal.AboutMessage([]byte(l.Text()), e.subject)
}

// letters returns the dead-letter queues of a service.
func (e *eraser) letters(service string) []deadletters.Queue {
	urls := e.at.Queues[service]
	return []deadletters.Queue{deadletters.Failed(e.queues, urls), deadletters.Undelivered(e.queues, urls)}
}

// lookAtQueues counts the messages of a service, and the dead letters about the subject. Other messages can't be read
// without being received, which would count as a failed attempt.
func (e *eraser) lookAtQueues(ctx context.Context, s *service) error {
	urls, has := e.at.Queues[s.Name]
	if !has {
		return nil
	}
	out, err := e.queues.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &urls.Main, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll}})
	if err != nil {
		return fmt.Errorf("look at queue %s: %w", urls.Main, err)
	}
	number := func(name types.QueueAttributeName) int {
		n, _ := strconv.Atoi(out.Attributes[string(name)]) // SQS sends numbers
		return n
	}
	s.Queue = &queue{keeps: time.Duration(number(types.QueueAttributeNameMessageRetentionPeriod)) * time.Second}
	s.Queue.KeepsHours = int(s.Queue.keeps / time.Hour)
	for _, name := range []types.QueueAttributeName{
		types.QueueAttributeNameApproximateNumberOfMessages, types.QueueAttributeNameApproximateNumberOfMessagesNotVisible, types.QueueAttributeNameApproximateNumberOfMessagesDelayed,
	} {
		s.Queue.Messages += number(name)
	}
	for _, q := range e.letters(s.Name) {
		view, err := q.Look(ctx, mostLetters)
		if err != nil {
			return err
		}
		s.Queue.Dead += view.Total
		s.Queue.Unread += view.Total - len(view.Letters)
		for _, l := range view.Letters {
			if e.about(l) {
				s.DeadLetters++
			}
		}
	}
	return nil
}
