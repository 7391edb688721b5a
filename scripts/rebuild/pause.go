package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"example.com/troupe/scripts/internal/pause"
)

// mappingWait limits how long an event source mapping may take to change. On AWS it takes up to a minute.
const mappingWait = 5 * time.Minute

// consumer is what takes a service's messages from its queue.
type consumer struct {
	functions *lambda.Client
	queues    *sqs.Client
	queue     string // URL
	every     time.Duration
}

// consume lets the service take messages from its queue, or no longer, and waits until that is so.
func (c consumer) consume(ctx context.Context, on bool) error {
	ctx, cancel := context.WithTimeout(ctx, mappingWait)
	defer cancel()
	attributes, err := c.attributes(ctx, types.QueueAttributeNameQueueArn)
	if err != nil {
		return err
	}
	// by queue alone: on AWS the mapping is of an alias of the function
	found, err := c.functions.ListEventSourceMappings(ctx, &lambda.ListEventSourceMappingsInput{EventSourceArn: aws.String(attributes["QueueArn"])})
	if err != nil {
		return fmt.Errorf("find the event source mapping of %s: %w", c.queue, err)
	}
	if len(found.EventSourceMappings) == 0 {
		return fmt.Errorf("no event source mapping takes messages from %s: is the service deployed?", c.queue)
	}
	for _, mapping := range found.EventSourceMappings {
		if err := c.enable(ctx, aws.ToString(mapping.UUID), on); err != nil {
			return fmt.Errorf("change event source mapping %s: %w", aws.ToString(mapping.UUID), err)
		}
	}
	return nil
}

// enable changes one mapping. While another change is under way, AWS refuses a second one.
func (c consumer) enable(ctx context.Context, id string, on bool) error {
	wanted := map[bool]string{true: "Enabled", false: "Disabled"}[on]
	asked := false
	for {
		now, err := c.functions.GetEventSourceMapping(ctx, &lambda.GetEventSourceMappingInput{UUID: &id})
		if err != nil {
			return err
		}
		switch state := aws.ToString(now.State); {
		case state == wanted:
			return nil
		case !asked && slices.Contains([]string{"Enabled", "Disabled"}, state):
			if _, err := c.functions.UpdateEventSourceMapping(ctx, &lambda.UpdateEventSourceMappingInput{UUID: &id, Enabled: &on}); err != nil {
				return err
			}
			asked = true
		}
		if !pause.For(ctx, c.every) {
			return fmt.Errorf("it is %s, not %s: %w", aws.ToString(now.State), wanted, ctx.Err())
		}
	}
}

// inFlight returns how many messages have been received and neither deleted nor given back. On AWS that is an estimate.
func (c consumer) inFlight(ctx context.Context) (string, error) {
	attributes, err := c.attributes(ctx, types.QueueAttributeNameApproximateNumberOfMessagesNotVisible)
	return attributes["ApproximateNumberOfMessagesNotVisible"], err
}

func (c consumer) attributes(ctx context.Context, name types.QueueAttributeName) (map[string]string, error) {
	out, err := c.queues.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &c.queue, AttributeNames: []types.QueueAttributeName{name}})
	if err != nil {
		return nil, fmt.Errorf("read %s of queue %s: %w", name, c.queue, err)
	}
	return out.Attributes, nil
}
