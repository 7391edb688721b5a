package sqs

import (
	"context"
	"encoding/base64"
	"slices"
	"strings"
)

// ListQueuesInput selects queues by a prefix of their names.
type ListQueuesInput struct {
	QueueNamePrefix string
	MaxResults      *int
	NextToken       string
}

func (in *ListQueuesInput) queue() string { return "*" }

// ListQueuesOutput is a page of queues.
type ListQueuesOutput struct {
	QueueUrls []string `json:",omitempty" query:"QueueUrl.N"`
	NextToken string   `json:",omitempty"`
}

// ListQueues lists queues in order of name.
func (s *Service) ListQueues(ctx context.Context, in *ListQueuesInput) (*ListQueuesOutput, error) {
	urls, next, err := s.page(ctx, in.MaxResults, in.NextToken, func(q *queue) bool {
		return strings.HasPrefix(q.name, in.QueueNamePrefix)
	})
	if err != nil {
		return nil, err
	}
	return &ListQueuesOutput{QueueUrls: urls, NextToken: next}, nil
}

// ListDeadLetterSourceQueuesInput names a dead-letter queue.
type ListDeadLetterSourceQueuesInput struct {
	QueueUrl   string
	MaxResults *int
	NextToken  string
}

func (in *ListDeadLetterSourceQueuesInput) queue() string { return nameOf(in.QueueUrl) }

// ListDeadLetterSourceQueuesOutput is a page of queues. On AWS, the member's name also starts with a lower-case
// letter.
type ListDeadLetterSourceQueuesOutput struct {
	QueueUrls []string `json:"queueUrls" query:"QueueUrl.N"`
	NextToken string   `json:",omitempty"`
}

// ListDeadLetterSourceQueues lists the queues whose redrive policy names this one.
func (s *Service) ListDeadLetterSourceQueues(ctx context.Context, in *ListDeadLetterSourceQueuesInput) (*ListDeadLetterSourceQueuesOutput, error) {
	target, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	urls, next, err := s.page(ctx, in.MaxResults, in.NextToken, func(q *queue) bool { return q.deadLettersTo(target.arn) })
	if err != nil {
		return nil, err
	}
	return &ListDeadLetterSourceQueuesOutput{QueueUrls: urls, NextToken: next}, nil
}

func (q *queue) deadLettersTo(arn string) bool {
	q.lock()
	defer q.unlock()
	return q.settings.redrive != nil && q.settings.redrive.DeadLetterTargetArn == arn
}

// page returns the URLs of the matching queues after the one that token names: at most most, or 1,000.
func (s *Service) page(ctx context.Context, most *int, token string, want func(*queue) bool) (urls []string, next string, err error) {
	size := 1000
	if most != nil {
		size = *most
	}
	after, err := base64.StdEncoding.DecodeString(token)
	if err != nil {
		return nil, "", errParameter("NextToken", token, "It is not one that was given out.")
	}
	if size < 1 || size > 1000 {
		return nil, "", errParameter("MaxResults", size, "Must be an integer value between 1 and 1000.")
	}
	queues := s.all()
	slices.SortFunc(queues, func(a, b *queue) int { return strings.Compare(a.name, b.name) })
	last := ""
	for _, q := range queues {
		if q.name <= string(after) || !want(q) {
			continue
		}
		if len(urls) == size {
			return urls, base64.StdEncoding.EncodeToString([]byte(last)), nil
		}
		urls, last = append(urls, url(ctx, q.name)), q.name
	}
	return urls, "", nil
}
