package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	eventtypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

const (
	account  = ":us-east-1:000000000000:" // the local cloud's
	queueARN = "arn:aws:sqs" + account + resource
	topicARN = "arn:aws:sns" + account + resource
	rules    = 10 // on the bus; one of them matches
)

// snsRoute is a topic with a filtered raw subscription, as services have them.
var snsRoute = route{
	name: "SNS → SQS",
	setUp: func(ctx context.Context, c *contestant) error {
		if err := admit(ctx, c); err != nil {
			return err
		}
		if _, err := c.sns.CreateTopic(ctx, &sns.CreateTopicInput{Name: aws.String(resource)}); err != nil {
			return err
		}
		_, err := c.sns.Subscribe(ctx, &sns.SubscribeInput{
			TopicArn: aws.String(topicARN), Protocol: aws.String("sqs"), Endpoint: aws.String(queueARN),
			Attributes: map[string]string{
				"RawMessageDelivery": "true", "FilterPolicyScope": "MessageBody", "FilterPolicy": `{"data":{"region":["eu","us"]}}`,
			},
		})
		return err
	},
	publish: func(ctx context.Context, c *contestant) error {
		_, err := c.sns.Publish(ctx, &sns.PublishInput{
			TopicArn: aws.String(topicARN), Message: aws.String(payload),
			MessageAttributes: map[string]types.MessageAttributeValue{"type": {DataType: aws.String("String"), StringValue: aws.String("visit.booked.v1")}},
		})
		return err
	},
}

// eventsRoute is a bus with a few rules.
var eventsRoute = route{
	name: "PutEvents → rule → SQS",
	setUp: func(ctx context.Context, c *contestant) error {
		if err := admit(ctx, c); err != nil {
			return err
		}
		if _, err := c.events.CreateEventBus(ctx, &eventbridge.CreateEventBusInput{Name: aws.String(resource)}); err != nil {
			return err
		}
		for i := range rules {
			if err := addRule(ctx, c, i); err != nil {
				return err
			}
		}
		return nil
	},
	publish: func(ctx context.Context, c *contestant) error {
		out, err := c.events.PutEvents(ctx, &eventbridge.PutEventsInput{Entries: []eventtypes.PutEventsRequestEntry{{
			EventBusName: aws.String(resource), Source: aws.String("frontdesk"), DetailType: aws.String("visit.booked.v1"), Detail: aws.String(payload),
		}}})
		if err == nil && out.FailedEntryCount > 0 {
			err = fmt.Errorf("PutEvents: %s", aws.ToString(out.Entries[0].ErrorCode))
		}
		return err
	},
}

// addRule adds a rule with the queue as its target; the first one matches.
func addRule(ctx context.Context, c *contestant, i int) error {
	name := fmt.Sprintf("%s-%d", resource, i)
	pattern := fmt.Sprintf(`{"detail-type":["visit.booked.v%d"],"detail":{"data":{"region":["eu","us"]}}}`, i+1)
	if _, err := c.events.PutRule(ctx, &eventbridge.PutRuleInput{Name: &name, EventBusName: aws.String(resource), EventPattern: &pattern}); err != nil {
		return err
	}
	_, err := c.events.PutTargets(ctx, &eventbridge.PutTargetsInput{
		Rule: &name, EventBusName: aws.String(resource), Targets: []eventtypes.Target{{Id: aws.String("queue"), Arn: aws.String(queueARN)}},
	})
	return err
}

// admit creates the queue, to which rules and topics may send.
func admit(ctx context.Context, c *contestant) error {
	if err := createQueue(ctx, c); err != nil {
		return err
	}
	_, err := c.sqs.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: &c.queue, Attributes: map[string]string{
		"Policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["events.amazonaws.com","sns.amazonaws.com"]},` +
			`"Action":"sqs:SendMessage","Resource":"` + queueARN + `"}]}`,
	}})
	return err
}
