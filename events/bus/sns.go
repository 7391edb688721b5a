package bus

import (
	"context"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"

	"example.com/troupe/events"
)

// The limits of PublishBatch (SNS API reference). Bytes are those of all messages of a call.
const (
	publishBatchEntries = 10
	publishBatchBytes   = 262_144
)

// The message attribute with the event's type, for subscribers that don't see the body.
const (
	typeAttribute     = "type"
	typeAttributeType = "String"
)

// SNS is the part of SNS's client that the publisher uses.
type SNS interface {
	PublishBatch(context.Context, *sns.PublishBatchInput, ...func(*sns.Options)) (*sns.PublishBatchOutput, error)
}

type topics struct {
	client    SNS
	arnPrefix string
}

func (*topics) limits() limits { return limits{entries: publishBatchEntries, bytes: publishBatchBytes} }

// destination returns the event's topic; names of topics contain no dots.
func (t *topics) destination(metadata events.Metadata) string {
	return t.arnPrefix + strings.ReplaceAll(metadata.Type, ".", "-")
}

// size counts the message and its attributes: name, type and value.
func (*topics) size(e entry) int {
	return len(e.body) + len(typeAttribute) + len(typeAttributeType) + len(e.Envelope.Metadata.Type)
}

func (t *topics) send(ctx context.Context, topicARN string, batch []entry) ([]result, error) {
	input := &sns.PublishBatchInput{TopicArn: aws.String(topicARN)}
	for i, e := range batch {
		input.PublishBatchRequestEntries = append(input.PublishBatchRequestEntries, types.PublishBatchRequestEntry{
			Id:      aws.String(strconv.Itoa(i)),
			Message: aws.String(e.body),
			MessageAttributes: map[string]types.MessageAttributeValue{
				typeAttribute: {DataType: aws.String(typeAttributeType), StringValue: aws.String(e.Envelope.Metadata.Type)},
			},
		})
	}
	output, err := t.client.PublishBatch(ctx, input)
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
