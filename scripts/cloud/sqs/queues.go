package sqs

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"example.com/localcloud/wire"
)

var queueName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

// CreateQueueInput describes a new queue. A name ending in .fifo requires FifoQueue "true".
type CreateQueueInput struct {
	QueueName  string
	Attributes map[string]string `query:"Attribute.N.Name=Value"`
	Tags       map[string]string `json:"tags" query:"Tag.N.Key=Value"`
}

func (in *CreateQueueInput) queue() string { return in.QueueName }

// QueueUrlOutput holds the URL of a queue.
type QueueUrlOutput struct{ QueueUrl string }

// CreateQueue creates a queue. It returns an existing queue if that has the requested attributes.
func (s *Service) CreateQueue(ctx context.Context, in *CreateQueueInput) (*QueueUrlOutput, error) {
	fifo := in.Attributes["FifoQueue"] == "true"
	if err := checkName(in.QueueName, fifo); err != nil {
		return nil, err
	}
	attributes, err := change(defaults(fifo), in.Attributes, fifo)
	if err != nil {
		return nil, err
	}
	q := newQueue(in.QueueName, s.tap, fifo, s.duplicates)
	q.modified, q.tags = q.created, maps.Clone(in.Tags)
	if err := s.apply(q, attributes); err != nil {
		return nil, err
	}
	if known := s.register(q); known != nil {
		if err := known.sameAs(q, in.Attributes); err != nil {
			return nil, err
		}
	}
	return &QueueUrlOutput{QueueUrl: url(ctx, in.QueueName)}, nil
}

func checkName(name string, fifo bool) error {
	switch base, suffixed := strings.CutSuffix(name, ".fifo"); {
	case name == "":
		return errMissing("QueueName")
	case fifo && (!suffixed || len(name) > 80 || !queueName.MatchString(base)):
		return errInvalid("The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.")
	case !fifo && !queueName.MatchString(name):
		return errInvalid("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length. A FIFO queue also needs the attribute FifoQueue.")
	}
	return nil
}

// register adds the queue and returns nil, or returns the queue that already has its name.
func (s *Service) register(q *queue) *queue {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.queues[q.name]; known != nil {
		return known
	}
	s.queues[q.name], q.journal = q, s.journal
	q.keep()
	return nil
}

// sameAs compares the requested attributes with those of the queue.
func (q *queue) sameAs(other *queue, asked map[string]string) error {
	q.lock()
	defer q.unlock()
	for _, name := range slices.Sorted(maps.Keys(asked)) {
		if q.attributes[name] != other.attributes[name] {
			return errQueueExists(name)
		}
	}
	return nil
}

// GetQueueUrlInput names a queue.
type GetQueueUrlInput struct{ QueueName, QueueOwnerAWSAccountId string }

func (in *GetQueueUrlInput) queue() string { return in.QueueName }

// GetQueueUrl returns the URL of a queue.
func (s *Service) GetQueueUrl(ctx context.Context, in *GetQueueUrlInput) (*QueueUrlOutput, error) {
	if in.QueueOwnerAWSAccountId != "" && in.QueueOwnerAWSAccountId != wire.Account {
		return nil, errNoQueue()
	}
	q, err := s.find(in.QueueName)
	if err != nil {
		return nil, err
	}
	return &QueueUrlOutput{QueueUrl: url(ctx, q.name)}, nil
}

// Empty is the output of operations that return nothing.
type Empty struct{}

// DeleteQueueInput names a queue.
type DeleteQueueInput struct{ QueueUrl string }

func (in *DeleteQueueInput) queue() string { return nameOf(in.QueueUrl) }

// DeleteQueue deletes a queue and its messages, and wakes everybody who waits for one.
func (s *Service) DeleteQueue(_ context.Context, in *DeleteQueueInput) (*Empty, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.deleted = true
	q.release()
	s.unregister(q)
	q.forget()
	return &Empty{}, nil
}

func (s *Service) unregister(q *queue) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.queues[q.name] == q { // and isn't deleted twice
		delete(s.queues, q.name)
		s.journal.Delete(kindQueue, q.name)
	}
}

// PurgeQueueInput names a queue.
type PurgeQueueInput struct{ QueueUrl string }

func (in *PurgeQueueInput) queue() string { return nameOf(in.QueueUrl) }

// purgeTime is how long a purge takes on AWS, which allows only one at a time (SQS API reference, PurgeQueue).
const purgeTime = time.Minute

// PurgeQueue deletes a queue's messages at once.
func (s *Service) PurgeQueue(_ context.Context, in *PurgeQueueInput) (*Empty, error) {
	q, err := s.byURL(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	now := q.lock()
	defer q.unlock()
	if !q.purged.IsZero() && now.Sub(q.purged) < purgeTime {
		return nil, errPurging(q.name)
	}
	q.purged = now
	for _, m := range q.messages {
		q.enter(m, absent, now)
	}
	return &Empty{}, nil
}
