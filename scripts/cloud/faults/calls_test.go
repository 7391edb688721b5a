package faults_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"

	"example.com/localcloud/faults"
)

func TestFail(t *testing.T) {
	w := newWorld(t)
	url := w.queue("jobs", nil)
	for _, test := range []struct {
		fault  faults.Fault
		code   string
		status int
	}{
		{faults.Fault{Kind: faults.Fail}, "InternalFailure", 500},
		{faults.Fault{Kind: faults.Fail, Service: "sqs", Operation: "SendMessage", Code: "QueueDoesNotExist", Status: 400}, "QueueDoesNotExist", 400},
		{faults.Fault{Kind: faults.Fail, Resource: "jobs", Status: 503}, "InternalFailure", 503},
		{faults.Fault{Kind: faults.Fail, Resource: "arn:aws:sqs:us-east-1:000000000000:jobs"}, "InternalFailure", 500},
	} {
		test.fault.Id = "it"
		w.put(test.fault)
		err := send(t.Context(), w.cfg, url)
		e, isAPI := errors.AsType[smithy.APIError](err)
		response, answered := errors.AsType[*awshttp.ResponseError](err)
		if !isAPI || e.ErrorCode() != test.code || !answered || response.HTTPStatusCode() != test.status || w.strikes("it") != 1 {
			t.Errorf("%+v: error = %v, %d strikes; want %s with status %d", test.fault, err, w.strikes("it"), test.code, test.status)
		}
	}
	must(w.Faults.DeleteFault(t.Context(), &faults.DeleteFaultInput{Id: "it"}))(t)
	if n := w.holds(url); n != 0 {
		t.Errorf("a call that failed has sent %d messages", n)
	}
	if err := send(t.Context(), w.cfg, url); err != nil {
		t.Errorf("the fault has been deleted, but still: %v", err)
	}
}

// TestMisses checks that a fault only strikes what it matches.
func TestMisses(t *testing.T) {
	w := newWorld(t)
	url := w.queue("jobs", nil)
	mine, other := w.as("one"), w.as("other")
	for _, fault := range []faults.Fault{
		{Service: "sns"}, {Service: "sqs", Operation: "ReceiveMessage"}, {Resource: "job"}, {Resource: "obs"}, {Caller: "other"}, {Rate: new(0.0)},
	} {
		fault.Id, fault.Kind = "it", faults.Fail
		w.put(fault)
		if err := send(t.Context(), mine, url); err != nil || w.strikes("it") != 0 {
			t.Errorf("%+v struck: %v", fault, err)
		}
	}
	w.put(faults.Fault{Id: "it", Kind: faults.Fail, Caller: "one"})
	if send(t.Context(), mine, url) == nil || send(t.Context(), other, url) != nil || send(t.Context(), w.cfg, url) != nil || w.strikes("it") != 1 {
		t.Errorf("a fault of one role struck %d times, want only that role's call", w.strikes("it"))
	}
}

// TestThrottle checks that SDKs recognize each service's throttling error.
func TestThrottle(t *testing.T) {
	w := newWorld(t)
	w.put(faults.Fault{Kind: faults.Throttle})
	throttles := retry.IsErrorThrottles(retry.DefaultThrottles)
	for service, call := range map[string]func(context.Context) error{
		"dynamodb": func(ctx context.Context) error { return second(dynamodb.NewFromConfig(w.cfg).ListTables(ctx, nil)) },
		"events":   func(ctx context.Context) error { return second(eventbridge.NewFromConfig(w.cfg).ListRules(ctx, nil)) },
		"iam":      func(ctx context.Context) error { return second(iam.NewFromConfig(w.cfg).ListRoles(ctx, nil)) },
		"lambda":   func(ctx context.Context) error { return second(lambda.NewFromConfig(w.cfg).ListFunctions(ctx, nil)) },
		"logs": func(ctx context.Context) error {
			return second(cloudwatchlogs.NewFromConfig(w.cfg).DescribeLogGroups(ctx, nil))
		},
		"sns": func(ctx context.Context) error { return second(sns.NewFromConfig(w.cfg).ListTopics(ctx, nil)) },
		"sqs": func(ctx context.Context) error { return second(sqs.NewFromConfig(w.cfg).ListQueues(ctx, nil)) },
	} {
		if err := call(t.Context()); throttles.IsErrorThrottle(err) != aws.TrueTernary {
			t.Errorf("%s: the SDK does not take %v for throttling", service, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestSlow(t *testing.T) {
	w := newWorld(t)
	url := w.queue("jobs", nil)
	const wait = 60 * time.Millisecond
	w.put(faults.Fault{Kind: faults.Slow, LatencyMs: int(wait / time.Millisecond), JitterMs: 5})
	began := time.Now()
	if err := send(t.Context(), w.cfg, url); err != nil || time.Since(began) < wait {
		t.Errorf("the call took %v (%v), want %v and more", time.Since(began), err, wait)
	}
}

// TestLose checks that the call takes effect, that its client receives no response, and that a retry has the effect
// twice.
func TestLose(t *testing.T) {
	w := newWorld(t)
	url := w.queue("jobs", nil)
	w.put(faults.Fault{Id: "it", Kind: faults.Lose, Service: "sqs", Operation: "SendMessage", Count: 2})
	err := send(t.Context(), w.cfg, url)
	if _, answered := errors.AsType[smithy.APIError](err); err == nil || answered {
		t.Errorf("error = %v, want one of the connection", err)
	}
	if n := w.holds(url); n != 1 {
		t.Errorf("the queue returns %d messages, want the one whose response was lost", n)
	}
	patient := w.cfg.Copy()
	patient.RetryMaxAttempts = 3
	if err := send(t.Context(), patient, url); err != nil {
		t.Errorf("the second attempt's response was not lost, and: %v", err)
	}
	if n := w.holds(url); n != 2 || w.strikes("it") != 2 {
		t.Errorf("the queue returns %d messages after %d strikes, want 2 after 2", n, w.strikes("it"))
	}
}

// TestOrder checks that a delayed call continues with the next fault, and that a fault that ends the call is the
// last.
func TestOrder(t *testing.T) {
	w := newWorld(t)
	url := w.queue("jobs", nil)
	w.put(faults.Fault{Id: "slow", Kind: faults.Slow, LatencyMs: 1})
	w.put(faults.Fault{Id: "fail", Kind: faults.Fail, Count: 1, Status: http.StatusServiceUnavailable})
	w.put(faults.Fault{Id: "throttle", Kind: faults.Throttle})
	for _, want := range []string{"InternalFailure", "RequestThrottled"} {
		if e, _ := errors.AsType[smithy.APIError](send(t.Context(), w.cfg, url)); e == nil || e.ErrorCode() != want {
			t.Errorf("error = %v, want %s", e, want)
		}
	}
	if w.strikes("slow") != 2 || w.strikes("fail") != 1 || w.strikes("throttle") != 1 {
		t.Errorf("strikes: slow %d, fail %d, throttle %d", w.strikes("slow"), w.strikes("fail"), w.strikes("throttle"))
	}
}
