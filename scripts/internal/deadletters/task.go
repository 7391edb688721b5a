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

// MostPerSecond is what a move task moves in a second at the most (API reference of StartMessageMoveTask).
const MostPerSecond = 500

// taskEvery is how often a task is asked how far it is.
const taskEvery = 300 * time.Millisecond

// MoveAll moves everything back to the service, and tells how much that was: by a task of SQS where it has one for the
// queue (it has none for the dead letters of rules and topics), otherwise one by one.
func (q Queue) MoveAll(ctx context.Context, how Moves) (moved int, err error) {
	if !q.tasks {
		letters, err := q.Move(ctx, "", how)
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
		_, _ = q.client.CancelMessageMoveTask(ctx, &sqs.CancelMessageMoveTaskInput{TaskHandle: &handle}) // it may be over
	}
	return moved, err
}

// Start is MoveAll that does not wait for a task of SQS.
func (q Queue) Start(ctx context.Context, how Moves) (err error) {
	if q.tasks {
		_, err = q.start(ctx, how)
	} else {
		_, err = q.Move(ctx, "", how)
	}
	return err
}

// start starts a task. The destination is named, because a message that a service dead-lettered never lay in another queue.
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
		return "", fmt.Errorf("move the messages of %s: %w", q.url, err)
	}
	return aws.ToString(out.TaskHandle), nil
}

// wait waits for the end of the queue's latest task.
func (q Queue) wait(ctx context.Context, how Moves) (moved int, err error) {
	source, err := q.attribute(ctx, q.url, types.QueueAttributeNameQueueArn)
	if err != nil {
		return 0, err
	}
	for {
		out, err := q.client.ListMessageMoveTasks(ctx, &sqs.ListMessageMoveTasksInput{SourceArn: &source})
		if err != nil {
			return moved, fmt.Errorf("ask how far the move of %s is: %w", q.url, err)
		}
		if len(out.Results) > 0 {
			task := out.Results[0]
			moved = int(task.ApproximateNumberOfMessagesMoved)
			how.tell(moved, int(aws.ToInt64(task.ApproximateNumberOfMessagesToMove)))
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
