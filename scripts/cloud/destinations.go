package cloud

import (
	"context"
	"fmt"

	"example.com/localcloud/delivery"
	"example.com/localcloud/eventbridge"
	"example.com/localcloud/lambda"
	"example.com/localcloud/sns"
)

// publishNotice publishes a notice of a function to a topic: the record of an event, or a dead letter.
func (c *Cloud) publishNotice(ctx context.Context, topic string, notice lambda.Notice) error {
	publishing := sns.Publishing{Message: string(notice.Record), MessageAttributes: map[string]delivery.Attribute{}}
	for name, value := range notice.Attributes {
		publishing.MessageAttributes[name] = delivery.Attribute(value)
	}
	_, err := c.SNS.Publish(ctx, &sns.PublishInput{TopicArn: topic, Publishing: publishing})
	return err
}

// putNotice puts the record of an event on a bus, with the source and detail types of Lambda's developer guide
// ("Capturing records of Lambda asynchronous invocations").
func (c *Cloud) putNotice(ctx context.Context, bus string, notice lambda.Notice) error {
	kind := "Lambda Function Invocation Result - Failure"
	if notice.Success {
		kind = "Lambda Function Invocation Result - Success"
	}
	out, err := c.EventBridge.PutEvents(ctx, &eventbridge.PutEventsInput{Entries: []eventbridge.Entry{{
		Source: "lambda", DetailType: kind, Detail: string(notice.Record), EventBusName: bus, Resources: []string{notice.Function, bus},
	}}})
	if err == nil && out.FailedEntryCount > 0 {
		err = fmt.Errorf("%s: %s", out.Entries[0].ErrorCode, out.Entries[0].ErrorMessage)
	}
	return err
}
