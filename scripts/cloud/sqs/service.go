package sqs

import (
	"context"
	"sync"

	"example.com/localcloud/bill"
	"example.com/localcloud/journal"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

// Service is Amazon SQS. Create it with New. Close stops its message move tasks, which run as goroutines.
type Service struct {
	// Duplicates, if set, is called for each message that enters a standard queue. If it returns true, the message
	// enters twice, since SQS may deliver a message more than once. Set it before the first request. It must not call
	// the service.
	Duplicates func(queue string) bool

	// Bill, if set, is told of deliveries from rules and topics, which are requests to SQS. Set it before the first.
	Bill *bill.Meter

	tap     *tap.Tap
	journal *journal.Journal // nil: nothing survives the process

	configuring sync.Mutex // serializes changes of attributes

	mu     sync.RWMutex
	queues map[string]*queue // by name
	tasks  []*moveTask       // oldest first

	closing context.Context
	close   context.CancelFunc
	moving  sync.WaitGroup
}

// New returns a service without queues. It reports to the tap what happens to messages.
func New(t *tap.Tap) *Service {
	ctx, cancel := context.WithCancel(context.Background())
	return &Service{tap: t, queues: map[string]*queue{}, closing: ctx, close: cancel}
}

// Close stops message move tasks and ends all waiting receives, which return nothing.
func (s *Service) Close() {
	s.close()
	s.moving.Wait()
	for _, q := range s.all() {
		q.mu.Lock()
		q.release()
		q.mu.Unlock()
	}
}

// Wire returns the table of operations.
func (s *Service) Wire() *wire.Service {
	return &wire.Service{
		Name:          "sqs",
		Target:        "AmazonSQS",
		Version:       "1.0",
		Shapes:        "com.amazonaws.sqs",
		Namespace:     "http://queue.amazonaws.com/doc/2012-11-05/",
		PathParameter: "QueueUrl",
		Operations: []wire.Operation{
			wire.Op("SendMessage", s.SendMessage, need[*SendMessageInput]("SendMessage")),
			wire.Op("SendMessageBatch", s.SendMessageBatch, need[*SendMessageBatchInput]("SendMessage")),
			wire.Op("ReceiveMessage", s.ReceiveMessage, need[*ReceiveMessageInput]("ReceiveMessage")),
			wire.Op("DeleteMessage", s.DeleteMessage, need[*DeleteMessageInput]("DeleteMessage")),
			wire.Op("DeleteMessageBatch", s.DeleteMessageBatch, need[*DeleteMessageBatchInput]("DeleteMessage")),
			wire.Op("ChangeMessageVisibility", s.ChangeMessageVisibility, need[*ChangeMessageVisibilityInput]("ChangeMessageVisibility")),
			wire.Op("ChangeMessageVisibilityBatch", s.ChangeMessageVisibilityBatch, need[*ChangeMessageVisibilityBatchInput]("ChangeMessageVisibility")),
			wire.Op("CreateQueue", s.CreateQueue, need[*CreateQueueInput]("CreateQueue")),
			wire.Op("DeleteQueue", s.DeleteQueue, need[*DeleteQueueInput]("DeleteQueue")),
			wire.Op("PurgeQueue", s.PurgeQueue, need[*PurgeQueueInput]("PurgeQueue")),
			wire.Op("GetQueueUrl", s.GetQueueUrl, need[*GetQueueUrlInput]("GetQueueUrl")),
			wire.Op("ListQueues", s.ListQueues, need[*ListQueuesInput]("ListQueues")),
			wire.Op("GetQueueAttributes", s.GetQueueAttributes, need[*GetQueueAttributesInput]("GetQueueAttributes")),
			wire.Op("SetQueueAttributes", s.SetQueueAttributes, need[*SetQueueAttributesInput]("SetQueueAttributes")),
			wire.Op("ListDeadLetterSourceQueues", s.ListDeadLetterSourceQueues, need[*ListDeadLetterSourceQueuesInput]("ListDeadLetterSourceQueues")),
			wire.Op("TagQueue", s.TagQueue, need[*TagQueueInput]("TagQueue")),
			wire.Op("UntagQueue", s.UntagQueue, need[*UntagQueueInput]("UntagQueue")),
			wire.Op("ListQueueTags", s.ListQueueTags, need[*ListQueueTagsInput]("ListQueueTags")),
			wire.Op("StartMessageMoveTask", s.StartMessageMoveTask, needMove),
			wire.Op("ListMessageMoveTasks", s.ListMessageMoveTasks, need[*ListMessageMoveTasksInput]("ListMessageMoveTasks")),
			wire.Op("CancelMessageMoveTask", s.CancelMessageMoveTask, need[*CancelMessageMoveTaskInput]("CancelMessageMoveTask")),
		},
	}
}

// named is an input that names its queue.
type named interface{ queue() string }

// need returns the permission that an input needs on its queue. As on AWS, a batch needs the permission for the
// single action.
func need[P interface {
	named
	*In
}, In any](action string) func(*In) []wire.Access {
	return func(in *In) []wire.Access {
		return []wire.Access{{Action: "sqs:" + action, Resource: wire.ARN("sqs", P(in).queue())}}
	}
}

func (s *Service) find(name string) (*queue, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if q := s.queues[name]; q != nil {
		return q, nil
	}
	return nil, errNoQueue()
}

func (s *Service) duplicates(queue string) bool { return s.Duplicates != nil && s.Duplicates(queue) }

func (s *Service) all() []*queue {
	s.mu.RLock()
	defer s.mu.RUnlock()
	queues := make([]*queue, 0, len(s.queues))
	for _, q := range s.queues {
		queues = append(queues, q)
	}
	return queues
}
