package workers

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// Limits of a PutLogEvents call (API reference of CloudWatch Logs): 10,000 events, and
// 1,048,576 bytes with 26 for each event. The byte limit is taken with room.
const (
	maxBatch      = 1000
	maxBatchBytes = 1 << 20
	eventOverhead = 26
)

// Shipper writes the lines of a process to a log group, as ECS's awslogs driver does.
type Shipper struct {
	client        *cloudwatchlogs.Client
	group, stream string
	lines         chan types.InputLogEvent
	done          chan struct{}
	err           error // the first failure; read it after done is closed
}

// Ship creates a log stream and returns its shipper. The caller must close it.
func Ship(ctx context.Context, client *cloudwatchlogs.Client, group, stream string) (*Shipper, error) {
	_, err := client.CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: &group, LogStreamName: &stream})
	if _, exists := errors.AsType[*types.ResourceAlreadyExistsException](err); err != nil && !exists {
		return nil, fmt.Errorf("create log stream %s in %s: %w", stream, group, err)
	}
	s := &Shipper{client: client, group: group, stream: stream, lines: make(chan types.InputLogEvent, maxBatch), done: make(chan struct{})}
	go s.run(context.WithoutCancel(ctx)) // the last lines of a process matter most
	return s, nil
}

// Line queues a line. Like awslogs, it blocks rather than lose one.
func (s *Shipper) Line(line []byte) {
	s.lines <- types.InputLogEvent{Message: aws.String(string(line)), Timestamp: aws.Int64(time.Now().UnixMilli())}
}

// Close sends the remaining lines and returns the first failure.
func (s *Shipper) Close() error {
	close(s.lines)
	<-s.done
	return s.err
}

// run sends all queued lines at once, so that few lines arrive soon and many arrive in large batches.
func (s *Shipper) run(ctx context.Context) {
	defer close(s.done)
	for line := range s.lines {
		_, err := s.client.PutLogEvents(ctx, &cloudwatchlogs.PutLogEventsInput{
			LogGroupName: &s.group, LogStreamName: &s.stream, LogEvents: s.batch(line),
		})
		if err != nil && s.err == nil {
			s.err = fmt.Errorf("write log lines to %s: %w", s.group, err)
		}
	}
}

func (s *Shipper) batch(first types.InputLogEvent) []types.InputLogEvent {
	batch := []types.InputLogEvent{first}
	size := len(*first.Message) + eventOverhead
	for len(batch) < maxBatch && size < maxBatchBytes/2 {
		select {
		case line, open := <-s.lines:
			if !open {
				return batch
			}
			batch = append(batch, line)
			size += len(*line.Message) + eventOverhead
		default:
			return batch
		}
	}
	return batch
}
