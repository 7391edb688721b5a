package bus

import (
	"context"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"example.com/troupe/events"
)

// The limits of SendMessageBatch (SQS API reference, August 2025). Bytes are those of all messages of a call.
const (
	sendBatchEntries = 10
	sendBatchBytes   = 1_048_576
	maxDelay         = 15 * time.Minute
)

// SQS is the part of SQS's client that the publisher uses.
type SQS interface {
	SendMessageBatch(context.Context, *sqs.SendMessageBatchInput, ...func(*sqs.Options)) (*sqs.SendMessageBatchOutput, error)
}

// queue is the producer's own queue, from which it receives its reminders once they are due.
type queue struct {
	client SQS
	url    string
}

func (*queue) limits() limits { return limits{entries: sendBatchEntries, bytes: sendBatchBytes} }

func (q *queue) destination(events.Metadata) string { return q.url }

func (*queue) size(e entry) int { return len(e.body) }

func (q *queue) send(ctx context.Context, url string, batch []entry) ([]result, error) {
	input := &sqs.SendMessageBatchInput{QueueUrl: aws.String(url)}
	for i, e := range batch {
		input.Entries = append(input.Entries, types.SendMessageBatchRequestEntry{
			Id:           aws.String(strconv.Itoa(i)),
			MessageBody:  aws.String(e.body),
			DelaySeconds: delaySeconds(time.Until(e.Due)),
		})
	}
	output, err := q.client.SendMessageBatch(ctx, input)
	if err != nil {
		return nil, err
	}
	answers := byID(unanswered(len(batch)))
	for _, accepted := range output.Successful {
		answers.set(accepted.Id, result{})
	}
	for _, failed := range output.Failed {
		answers.set(failed.Id, rejected(aws.ToString(failed.Code), failed.Message, !failed.SenderFault))
	}
	return answers, nil
}

// delaySeconds rounds up, so that a reminder is never early, and limits the delay to SQS's maximum.
func delaySeconds(rest time.Duration) int32 {
	rest = min(max(rest, 0), maxDelay)
	return int32((rest + time.Second - 1) / time.Second)
}
