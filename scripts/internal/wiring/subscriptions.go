package wiring

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"example.com/troupe/scripts/internal/topology"
)

func (w *Wirer) subscriptions(ctx context.Context, s topology.Service) error {
	for _, subscription := range s.Subscriptions {
		if err := w.subscription(ctx, subscription); err != nil {
			return making("subscription to", subscription.Topic, err)
		}
	}
	return nil
}

// subscription subscribes and then sets the attributes one by one, as SNS requires: it refuses to subscribe again
// with other attributes.
func (w *Wirer) subscription(ctx context.Context, s topology.Subscription) error {
	made, err := w.topics.Subscribe(ctx, &sns.SubscribeInput{
		TopicArn: &s.Topic, Protocol: aws.String("sqs"), Endpoint: &s.Endpoint, ReturnSubscriptionArn: true,
	})
	if err != nil {
		return err
	}
	attributes, err := subscriptionAttributes(s)
	if err != nil {
		return err
	}
	for _, a := range attributes {
		_, err := w.topics.SetSubscriptionAttributes(ctx, &sns.SetSubscriptionAttributesInput{
			SubscriptionArn: made.SubscriptionArn, AttributeName: &a.name, AttributeValue: &a.value,
		})
		if err != nil {
			return fmt.Errorf("set %s: %w", a.name, err)
		}
	}
	return nil
}

type attribute struct{ name, value string }

// subscriptionAttributes returns the attributes in the order in which they must be set: the scope determines how a
// filter policy is read.
func subscriptionAttributes(s topology.Subscription) ([]attribute, error) {
	redrive, err := json.Marshal(map[string]string{"deadLetterTargetArn": s.DeadLetters})
	if err != nil {
		return nil, err
	}
	filter := "{}" // lets everything through
	if s.FilterPolicy != nil {
		filter = string(s.FilterPolicy)
	}
	return []attribute{
		{"RawMessageDelivery", "true"},
		{"FilterPolicyScope", "MessageBody"},
		{"FilterPolicy", filter},
		{"RedrivePolicy", string(redrive)},
	}, nil
}
