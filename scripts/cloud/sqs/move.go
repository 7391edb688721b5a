package sqs

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"time"

	"example.com/localcloud/requestid"
	"example.com/localcloud/wire"
)

// The states of a message move task.
const (
	moveRunning    = "RUNNING"
	moveCompleted  = "COMPLETED"
	moveCancelling = "CANCELLING"
	moveCancelled  = "CANCELLED"
	moveFailed     = "FAILED"
)

// moveTask moves the messages of a dead-letter queue to another queue. The service's mutex guards the fields that
// change.
type moveTask struct {
	id          string
	source      *queue
	destination string // ARN; empty means the queue that each message came from
	rate        int    // messages per second; 0 means no limit
	started     time.Time
	cancel      context.CancelFunc

	status  string
	failure string
	toMove  int
	moved   int
}

// StartMessageMoveTaskInput names a dead-letter queue and, optionally, a destination.
type StartMessageMoveTaskInput struct {
	SourceArn                    string
	DestinationArn               string
	MaxNumberOfMessagesPerSecond *int // 1 to 500
}

// needMove returns all the permissions that a task uses on its caller's behalf.
func needMove(in *StartMessageMoveTaskInput) []wire.Access {
	needs := []wire.Access{
		{Action: "sqs:StartMessageMoveTask", Resource: in.SourceArn},
		{Action: "sqs:ReceiveMessage", Resource: in.SourceArn},
		{Action: "sqs:DeleteMessage", Resource: in.SourceArn},
	}
	if in.DestinationArn != "" {
		needs = append(needs, wire.Access{Action: "sqs:SendMessage", Resource: in.DestinationArn})
	}
	return needs
}

// StartMessageMoveTaskOutput identifies a task.
type StartMessageMoveTaskOutput struct{ TaskHandle string }

// StartMessageMoveTask starts to move the messages of a dead-letter queue back to their source queues, or to the
// destination.
func (s *Service) StartMessageMoveTask(_ context.Context, in *StartMessageMoveTaskInput) (*StartMessageMoveTaskOutput, error) {
	source, err := s.checkMove(in)
	if err != nil {
		return nil, err
	}
	source.lock()
	toMove := source.counts[visible]
	source.unlock()
	task := &moveTask{
		id: requestid.New(), source: source, destination: in.DestinationArn, started: time.Now(),
		status: moveRunning, toMove: toMove,
	}
	if in.MaxNumberOfMessagesPerSecond != nil {
		task.rate = *in.MaxNumberOfMessagesPerSecond
	}
	if err := s.addTask(task); err != nil {
		return nil, err
	}
	return &StartMessageMoveTaskOutput{TaskHandle: task.handle()}, nil
}

func (s *Service) checkMove(in *StartMessageMoveTaskInput) (*queue, error) {
	if in.SourceArn == "" {
		return nil, errMissing("SourceArn")
	}
	source := s.queueOf(in.SourceArn)
	if source == nil {
		return nil, errNoResource("The resource that you specified for the SourceArn parameter doesn't exist.")
	}
	if !slices.ContainsFunc(s.all(), func(q *queue) bool { return q.deadLettersTo(in.SourceArn) }) {
		return nil, errInvalid("Source queue must be configured as a Dead Letter Queue.")
	}
	if n := in.MaxNumberOfMessagesPerSecond; n != nil && (*n < 1 || *n > 500) {
		return nil, errParameter("MaxNumberOfMessagesPerSecond", *n, "Must be between 1 and 500, if provided.")
	}
	if in.DestinationArn == "" {
		return source, nil
	}
	switch destination := s.queueOf(in.DestinationArn); {
	case destination == nil:
		return nil, errNoResource("The resource that you specified for the DestinationArn parameter doesn't exist.")
	case destination == source:
		return nil, errInvalid("Source queue arn and destination queue arn cannot be the same.")
	case destination.fifo != source.fifo:
		return nil, errInvalid("The source queue and destination queue must be of the same queue type.")
	}
	return source, nil
}

// addTask registers a task. It fails if another task is active on the same queue.
func (s *Service) addTask(task *moveTask) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.tasks {
		if t.source == task.source && t.active() {
			return errInvalid("There is already a task running. Only one active task is allowed for a source queue arn at a given time.")
		}
	}
	s.tasks = append(s.tasks, task)
	s.keepMove(task)
	s.launch(task)
	return nil
}

func (t *moveTask) active() bool { return t.status == moveRunning || t.status == moveCancelling }

// handle returns the task's handle in AWS's form, from which clients can read the queue's ARN.
func (t *moveTask) handle() string {
	text, _ := json.Marshal(map[string]string{"taskId": t.id, "sourceArn": t.source.arn}) // strings always marshal
	return base64.StdEncoding.EncodeToString(text)
}
