package deadletters

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"example.com/troupe/scripts/internal/pause"
)

// MostPerSecond is the maximum rate of a move task (API reference of StartMessageMoveTask).
const MostPerSecond = 500

// taskEvery is how often wait checks a task's progress.
const taskEvery = 300 * time.Millisecond

// MoveAll moves everything back to the service and returns how much it moved. It uses an SQS move task if the queue
// has one; queues of undelivered events don't, and are moved message by message.
func (q Queue) MoveAll(ctx context.Context, how Moves) (moved int, err error) {
	if !q.tasks {
		letters, err := q.Move(ctx, All, how)
		return len(letters), err
	}
	handle, err := q.start(ctx, how)
	if err != nil {
		return 0, err
	}
	moved, err = q.wait(ctx, how)
	if ctx.Err() != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), spare)
		defer cancel()
		_, _ = q.client.CancelMessageMoveTask(ctx, &sqs.CancelMessageMoveTaskInput{TaskHandle: &handle}) // it may have ended already
	}
	return moved, err
}

// Start does the same as MoveAll without waiting for a move task.
func (q Queue) Start(ctx context.Context, how Moves) (err error) {
	if q.tasks {
		_, err = q.start(ctx, how)
	} else {
		_, err = q.Move(ctx, All, how)
	}
	return err
}

// start starts a task. It names the destination, because a message that a service dead-lettered was never in another
// queue.
func (q Queue) start(ctx context.Context, how Moves) (handle string, err error) {
	source, err := q.attribute(ctx, q.url, types.QueueAttributeNameQueueArn)
	if err != nil {
		return "", err
	}
	destination, err := q.attribute(ctx, q.main, types.QueueAttributeNameQueueArn)
	if err != nil {
		return "", err
	}
	in := &sqs.StartMessageMoveTaskInput{SourceArn: &source, DestinationArn: &destination}
	if how.PerSecond > 0 {
		in.MaxNumberOfMessagesPerSecond = aws.Int32(int32(min(max(how.PerSecond, 1), MostPerSecond)))
	}
	out, err := q.client.StartMessageMoveTask(ctx, in)
	if err != nil {
		return "", fmt.Errorf("start moving the messages of %s: %w", q.url, err)
	}
	return aws.ToString(out.TaskHandle), nil
}

// wait waits until the queue's latest task has ended.
func (q Queue) wait(ctx context.Context, how Moves) (moved int, err error) {
	source, err := q.attribute(ctx, q.url, types.QueueAttributeNameQueueArn)
	if err != nil {
		return 0, err
	}
	for {
		out, err := q.client.ListMessageMoveTasks(ctx, &sqs.ListMessageMoveTasksInput{SourceArn: &source})
		if err != nil {
			return moved, fmt.Errorf("check the progress of the move of %s: %w", q.url, err)
		}
		if len(out.Results) > 0 {
			task := out.Results[0]
			moved = int(task.ApproximateNumberOfMessagesMoved)
			how.report(moved, int(aws.ToInt64(task.ApproximateNumberOfMessagesToMove)))
			switch status := aws.ToString(task.Status); status {
			case "COMPLETED":
				return moved, nil
			case "FAILED", "CANCELLED":
				return moved, fmt.Errorf("the move of %s ended as %s: %s", q.url, status, aws.ToString(task.FailureReason))
			}
		}
		if !pause.For(ctx, taskEvery) {
			return moved, ctx.Err()
		}
	}
}
