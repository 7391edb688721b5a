package sqs

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
)

// CancelMessageMoveTaskInput identifies a task.
type CancelMessageMoveTaskInput struct{ TaskHandle string }

func (in *CancelMessageMoveTaskInput) queue() string {
	return nameIn(in.source()) // a bad handle names no queue
}

// source returns the ARN in the handle, or "".
func (in *CancelMessageMoveTaskInput) source() string {
	var handle struct{ SourceArn string }
	raw, _ := base64.StdEncoding.DecodeString(in.TaskHandle)
	_ = json.Unmarshal(raw, &handle)
	return handle.SourceArn
}

// CancelMessageMoveTaskOutput says how many messages the task has moved.
type CancelMessageMoveTaskOutput struct{ ApproximateNumberOfMessagesMoved int }

// CancelMessageMoveTask cancels a task. Messages that have been moved stay where they are.
func (s *Service) CancelMessageMoveTask(_ context.Context, in *CancelMessageMoveTaskInput) (*CancelMessageMoveTaskOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := slices.IndexFunc(s.tasks, func(t *moveTask) bool { return t.handle() == in.TaskHandle })
	switch {
	case in.TaskHandle == "":
		return nil, errMissing("TaskHandle")
	case in.source() == "":
		return nil, errInvalid("Value for parameter TaskHandle is invalid.")
	case at < 0 && s.queues[in.queue()] == nil:
		return nil, errNoResource("The resource that you specified for the SourceArn parameter doesn't exist.")
	case at < 0:
		return nil, errNoResource("Task does not exist.")
	case s.tasks[at].status != moveRunning:
		return nil, errInvalid("Only active tasks can be cancelled.")
	}
	task := s.tasks[at]
	task.status = moveCancelling
	s.keepMove(task)
	task.cancel()
	return &CancelMessageMoveTaskOutput{ApproximateNumberOfMessagesMoved: task.moved}, nil
}

// ListMessageMoveTasksInput names a dead-letter queue.
type ListMessageMoveTasksInput struct {
	SourceArn  string
	MaxResults *int // 1 to 10; nil means 1
}

func (in *ListMessageMoveTasksInput) queue() string { return nameIn(in.SourceArn) }

// ListMessageMoveTasksOutput holds the latest tasks, newest first.
type ListMessageMoveTasksOutput struct {
	Results []ListMessageMoveTasksResultEntry `query:"ListMessageMoveTasksResultEntry.N"`
}

// ListMessageMoveTasksResultEntry is the state of a task.
type ListMessageMoveTasksResultEntry struct {
	TaskHandle                        string `json:",omitempty"` // while it runs
	Status                            string
	SourceArn                         string
	DestinationArn                    string `json:",omitempty"`
	MaxNumberOfMessagesPerSecond      *int   `json:",omitempty"`
	ApproximateNumberOfMessagesMoved  int
	ApproximateNumberOfMessagesToMove int
	FailureReason                     string `json:",omitempty"`
	StartedTimestamp                  int64  // Unix, milliseconds
}

// ListMessageMoveTasks lists the tasks of a dead-letter queue.
func (s *Service) ListMessageMoveTasks(_ context.Context, in *ListMessageMoveTasksInput) (*ListMessageMoveTasksOutput, error) {
	most := 1
	if in.MaxResults != nil {
		most = *in.MaxResults
	}
	switch {
	case most < 1 || most > 10:
		return nil, errParameter("MaxResults", most, "Must be between 1 and 10, if provided.")
	case s.queueOf(in.SourceArn) == nil:
		return nil, errNoResource("The resource that you specified for the SourceArn parameter doesn't exist.")
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := &ListMessageMoveTasksOutput{Results: []ListMessageMoveTasksResultEntry{}}
	for _, t := range slices.Backward(s.tasks) {
		if t.source.arn == in.SourceArn && len(out.Results) < most {
			out.Results = append(out.Results, t.describe())
		}
	}
	return out, nil
}

func (t *moveTask) describe() ListMessageMoveTasksResultEntry {
	entry := ListMessageMoveTasksResultEntry{
		Status: t.status, SourceArn: t.source.arn, DestinationArn: t.destination,
		ApproximateNumberOfMessagesMoved: t.moved, ApproximateNumberOfMessagesToMove: t.toMove,
		FailureReason: t.failure, StartedTimestamp: t.started.UnixMilli(),
	}
	if t.status == moveRunning {
		entry.TaskHandle = t.handle()
	}
	if t.rate > 0 {
		entry.MaxNumberOfMessagesPerSecond = &t.rate
	}
	return entry
}
