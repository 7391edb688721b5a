package main

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"example.com/troupe/scripts/internal/surge"
)

// defaultRetry is SNS's default. Source: Amazon SNS Developer Guide, "Message delivery retries".
var defaultRetry = surge.Retry{Times: 3, Seconds: 20}

// subscribe subscribes a webhook and waits until it has confirmed. Delivery is raw, as to the queue, so that both get
// the same bytes. A retry policy other than the default is set on the subscription.
func subscribe(ctx context.Context, client *sns.Client, topic string, hook *webhook, retry surge.Retry) (arn string, err error) {
	attributes := map[string]string{"RawMessageDelivery": "true"}
	if retry != defaultRetry {
		attributes["DeliveryPolicy"] = fmt.Sprintf(`{"healthyRetryPolicy": {"minDelayTarget": %g, "maxDelayTarget": %[1]g, "numRetries": %d}}`, retry.Seconds, retry.Times)
	}
	subscribed, err := client.Subscribe(ctx, &sns.SubscribeInput{
		TopicArn: &topic, Protocol: aws.String("http"), Endpoint: &hook.URL, Attributes: attributes, ReturnSubscriptionArn: true,
	})
	if err != nil {
		return "", fmt.Errorf("subscribe the webhook: %w", err)
	}
	select {
	case <-hook.confirmed:
		return aws.ToString(subscribed.SubscriptionArn), nil
	case <-time.After(10 * time.Second):
		return "", fmt.Errorf("SNS did not ask the webhook at %s to confirm within 10 seconds", hook.URL)
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
