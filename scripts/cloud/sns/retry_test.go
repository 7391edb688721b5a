package sns_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"example.com/localcloud/sns"
	"example.com/localcloud/tap"
)

// TestDeliveryPolicy checks that a subscription's own policy determines the number of retries and their delay.
func TestDeliveryPolicy(t *testing.T) {
	for name, test := range map[string]struct {
		policy  string
		refused string // part of the error; "" if the policy is valid
		tries   int
		after   time.Duration // from the first attempt to the last
	}{
		"none":           {policy: "", tries: 4, after: time.Minute},
		"its own":        {policy: `{"healthyRetryPolicy": {"minDelayTarget": 1, "maxDelayTarget": 1, "numRetries": 2}}`, tries: 3, after: 2 * time.Second},
		"no retries":     {policy: `{"healthyRetryPolicy": {"minDelayTarget": 1, "maxDelayTarget": 1, "numRetries": 0}}`, tries: 1},
		"no JSON":        {policy: "often", refused: "failed to parse JSON"},
		"incomplete":     {policy: `{"healthyRetryPolicy": {"numRetries": 2}}`, refused: "must have minDelayTarget"},
		"too many":       {policy: `{"healthyRetryPolicy": {"minDelayTarget": 1, "maxDelayTarget": 1, "numRetries": 101}}`, refused: "between 0 and 100"},
		"the wrong way":  {policy: `{"healthyRetryPolicy": {"minDelayTarget": 2, "maxDelayTarget": 1, "numRetries": 1}}`, refused: "between 1 and maxDelayTarget"},
		"backing off":    {policy: `{"healthyRetryPolicy": {"minDelayTarget": 1, "maxDelayTarget": 9, "numRetries": 3}}`, refused: "equal delays only"},
		"over the limit": {policy: `{"healthyRetryPolicy": {"minDelayTarget": 100, "maxDelayTarget": 100, "numRetries": 37}}`, refused: "3600 seconds"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				transport := &script{statuses: []int{200, 503, 503, 503, 503, 503}}
				service := sns.New(new(tap.Tap), &queues{}, &http.Client{Transport: transport})
				defer service.Close()
				subscription := confirm(t, service, transport)
				_, err := service.SetSubscriptionAttributes(t.Context(), &sns.SetSubscriptionAttributesInput{
					SubscriptionArn: subscription, AttributeName: "DeliveryPolicy", AttributeValue: test.policy,
				})
				if test.refused != "" {
					if err == nil || !strings.Contains(err.Error(), test.refused) {
						t.Errorf("got %v, want an error that says %q", err, test.refused)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				if _, err := service.Publish(t.Context(), &sns.PublishInput{TopicArn: topicARN, Publishing: sns.Publishing{Message: "m"}}); err != nil {
					t.Fatal(err)
				}
				time.Sleep(2 * time.Minute)
				synctest.Wait()
				tries := transport.times[1:]
				if len(tries) != test.tries || tries[len(tries)-1].Sub(tries[0]) != test.after {
					t.Errorf("tried at %v", tries)
				}
			})
		})
	}
}
