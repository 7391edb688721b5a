package delivery_test

import (
	"context"
	"errors"
	"testing"

	"example.com/localcloud/delivery"
	"example.com/localcloud/wire"
)

type target struct{ taken *[]string }

func (t target) Deliver(_ context.Context, d delivery.Delivery) error {
	*t.taken = append(*t.taken, d.To)
	return nil
}

// TestRouter checks that what is for another account, region or partition reaches nobody here.
func TestRouter(t *testing.T) {
	var taken []string
	router := delivery.Router{"sqs": target{&taken}}
	for to, want := range map[string]string{
		wire.ARN("sqs", "jobs"):                      "",
		"arn:aws:sqs:us-east-1:111111111111:jobs":    "ResourceNotFoundException",
		"arn:aws:sqs:eu-west-1:000000000000:jobs":    "ResourceNotFoundException",
		"arn:aws-cn:sqs:us-east-1:000000000000:jobs": "ResourceNotFoundException",
		"arn:aws:sqs:us-east-1:000000000000":         "ResourceNotFoundException",
		"x:aws:sqs:us-east-1:000000000000:jobs":      "ResourceNotFoundException",
		wire.ARN("kinesis", "stream/jobs"):           "ValidationException",
		"jobs":                                       "ValidationException",
	} {
		err := router.Deliver(t.Context(), delivery.Delivery{To: to})
		code := ""
		if e, ok := errors.AsType[*wire.Error](err); ok {
			code = e.Code
		}
		if code != want {
			t.Errorf("%s: %v, want %q", to, err, want)
		}
	}
	if len(taken) != 1 {
		t.Errorf("delivered to %v", taken)
	}
}
