package sns

import (
	"fmt"
	"slices"
	"time"

	"example.com/localcloud/wire"
)

// retry is the retry policy of a delivery over HTTP.
type retry struct {
	times int
	delay time.Duration
}

// defaultRetry applies to endpoints without a delivery policy: three retries, 20 seconds apart. Source: Amazon SNS
// Developer Guide, "Message delivery retries". AWS adds jitter; this cloud does not.
var defaultRetry = retry{times: 3, delay: 20 * time.Second}

// maxRetryTime limits the total time of a delivery's retries. Source: the same.
const maxRetryTime = time.Hour

// healthyRetryPolicy is the part of a delivery policy that defines retries. Delays are in seconds.
type healthyRetryPolicy struct {
	NumRetries         *int   `json:"numRetries"`
	MinDelayTarget     *int   `json:"minDelayTarget"`
	MaxDelayTarget     *int   `json:"maxDelayTarget"`
	NumNoDelayRetries  int    `json:"numNoDelayRetries"`
	NumMinDelayRetries int    `json:"numMinDelayRetries"`
	NumMaxDelayRetries int    `json:"numMaxDelayRetries"`
	BackoffFunction    string `json:"backoffFunction"` // has no effect on equal delays
}

// backoffFunctions lists AWS's (developer guide, "Message delivery retries").
var backoffFunctions = []string{"", "arithmetic", "exponential", "geometric", "linear"}

// parseDeliveryPolicy parses the DeliveryPolicy of a subscription. The local cloud supports one of AWS's four phases,
// with equal delays, and rejects the others.
func parseDeliveryPolicy(text string) (retry, error) {
	if text == "" {
		return defaultRetry, nil
	}
	var policy struct {
		HealthyRetryPolicy healthyRetryPolicy `json:"healthyRetryPolicy"`
	}
	if err := wire.DecodeDocument(text, &policy); err != nil {
		return retry{}, errInvalid("DeliveryPolicy: failed to parse JSON. The local cloud supports healthyRetryPolicy only: %v", err)
	}
	p := policy.HealthyRetryPolicy
	if p.MinDelayTarget == nil || p.MaxDelayTarget == nil || p.NumRetries == nil {
		return retry{}, errInvalid("DeliveryPolicy: healthyRetryPolicy must have minDelayTarget, maxDelayTarget and numRetries")
	}
	r := retry{times: *p.NumRetries, delay: time.Duration(*p.MinDelayTarget) * time.Second}
	switch {
	case !slices.Contains(backoffFunctions, p.BackoffFunction):
		return retry{}, errInvalid("DeliveryPolicy: healthyRetryPolicy.backoffFunction must be one of %v, not %.100q", backoffFunctions[1:], p.BackoffFunction)
	case r.times < 0 || r.times > 100:
		return retry{}, errInvalid("DeliveryPolicy: healthyRetryPolicy.numRetries must be between 0 and 100")
	case *p.MinDelayTarget < 1 || *p.MinDelayTarget > *p.MaxDelayTarget:
		return retry{}, errInvalid("DeliveryPolicy: healthyRetryPolicy.minDelayTarget must be between 1 and maxDelayTarget")
	case *p.MinDelayTarget != *p.MaxDelayTarget || p.NumNoDelayRetries+p.NumMinDelayRetries+p.NumMaxDelayRetries > 0:
		return retry{}, errInvalid("DeliveryPolicy: the local cloud supports equal delays only: minDelayTarget = maxDelayTarget, and no other phases")
	case time.Duration(r.times)*r.delay > maxRetryTime:
		return retry{}, errInvalid("DeliveryPolicy: all retries together must not take longer than 3600 seconds")
	}
	return r, nil
}

// effective returns the policy as AWS describes it.
func (r retry) effective() string {
	seconds := int(r.delay / time.Second)
	return fmt.Sprintf(`{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":%d,"maxDelayTarget":%[1]d,"numRetries":%d,`+
		`"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},"disableSubscriptionOverrides":false}}`, seconds, r.times)
}
