package stories_test

import (
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// dead-lettered looks for a dead letter about the order, in a queue that other stories fill too.
func (s *story) deadLettered(arguments []string) error {
	url := troupe.Watch().DeadLetters[arguments[0]+"-dlq"]
	client := sqs.NewFromConfig(troupe.Config())
	for s.ctx.Err() == nil {
		letter, err := s.deadLetter(client, url)
		switch {
		case err != nil:
			return err
		case letter != nil:
			return s.open(client, url, letter, arguments[1:])
		}
		s.pause()
	}
	return fmt.Errorf("%s has no dead letter about %s", arguments[0], s.order())
}

// deadLetter receives letters, and puts back those of others at once.
func (s *story) deadLetter(client *sqs.Client, url string) (mine *types.Message, err error) {
	out, err := client.ReceiveMessage(s.ctx, &sqs.ReceiveMessageInput{
		QueueUrl: &url, MaxNumberOfMessages: 10, WaitTimeSeconds: 1, MessageAttributeNames: []string{"All"},
	})
	if err != nil {
		return nil, err
	}
	for _, m := range out.Messages {
		if mine == nil && strings.Contains(aws.ToString(m.Body), s.order()) {
			mine = &m
			continue
		}
		_, back := client.ChangeMessageVisibility(s.ctx, &sqs.ChangeMessageVisibilityInput{QueueUrl: &url, ReceiptHandle: m.ReceiptHandle})
		err = errors.Join(err, back)
	}
	return mine, err
}

// open compares the reason of a dead letter, and takes it out of the queue.
func (s *story) open(client *sqs.Client, url string, letter *types.Message, want []string) error {
	for name, attribute := range letter.MessageAttributes {
		fmt.Fprintf(s.Stdout(), "%s: %s\n", name, aws.ToString(attribute.StringValue))
	}
	if reason := aws.ToString(letter.MessageAttributes["reason"].StringValue); len(want) > 0 && reason != want[0] {
		return fmt.Errorf("it was dead-lettered for %q", reason)
	}
	_, err := client.DeleteMessage(s.ctx, &sqs.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: letter.ReceiptHandle})
	return err
}
