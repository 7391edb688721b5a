package lambda_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awslambda "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"example.com/localcloud/delivery"
	"example.com/localcloud/iam"
	"example.com/localcloud/lambda"
	"example.com/localcloud/logs"
	"example.com/localcloud/sqs"
	"example.com/localcloud/tap"
)

// scripted is a Runner that fails the first invocations, in this process.
type scripted struct {
	failures int

	mu       sync.Mutex
	calls    []time.Time
	ids      map[string]bool
	payloads [][]byte
}

func (s *scripted) Start(context.Context, lambda.Spec) (lambda.Environment, error) { return s, nil }
func (s *scripted) Alive() bool                                                    { return true }
func (s *scripted) MemoryUsed() int                                                { return 0 }
func (s *scripted) Close()                                                         {}

func (s *scripted) Invoke(_ context.Context, i lambda.Invocation) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, time.Now())
	s.ids[i.RequestID] = true
	s.payloads = append(s.payloads, i.Payload)
	if len(s.calls) <= s.failures {
		return nil, &lambda.Failure{Type: "Error", Payload: []byte(`{"errorMessage": "not yet"}`)}
	}
	return []byte("null"), nil
}

// lab is Lambda in virtual time, with a function "jobs" and a queue "outcomes".
type lab struct {
	*lambda.Service
	runner   *scripted
	queues   *sqs.Service
	outcomes string // URL
}

// inTime runs a test in virtual time, with a function that fails the given number of times.
func inTime(t *testing.T, failures int, settings lambda.Settings, test func(t *testing.T, l *lab)) {
	binary := must(archive("bootstrap", []byte("never run")))(t)
	synctest.Test(t, func(t *testing.T) {
		ctx, hops := t.Context(), &tap.Tap{}
		roles, queues := iam.New(hops), sqs.New(hops)
		defer queues.Close()
		must(roles.CreateRole(ctx, &iam.CreateRoleInput{RoleName: "jobs", AssumeRolePolicyDocument: trust}))(t)
		must(roles.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: "jobs", PolicyName: "all", PolicyDocument: mayAll}))(t)
		l := &lab{runner: &scripted{failures: failures, ids: map[string]bool{}}, queues: queues,
			outcomes: must(queues.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: "outcomes"}))(t).QueueUrl}
		l.Service = lambda.New(lambda.Options{Runner: l.runner, IAM: roles, SQS: queues, Logs: logs.New(), Tap: hops})
		defer l.Service.Close()
		settings.Role, settings.Runtime, settings.Handler = roleARN, "provided.al2023", "bootstrap"
		must(l.CreateFunction(ctx, &lambda.CreateFunctionInput{FunctionName: "jobs", Code: lambda.FunctionCode{ZipFile: binary}, Settings: settings}))(t)
		must(l.AddPermission(ctx, &lambda.AddPermissionInput{FunctionName: "jobs", StatementId: "rule", Action: "lambda:InvokeFunction", Principal: "events.amazonaws.com"}))(t)
		test(t, l)
	})
}

// deliver sends {"a": 1} to the function and waits for an hour.
func (l *lab) deliver(t *testing.T) (began time.Time) {
	t.Helper()
	began = time.Now()
	if err := l.Deliver(t.Context(), delivery.Delivery{To: functionA, Service: "events.amazonaws.com", Body: []byte(`{"a":1}`)}); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Hour)
	synctest.Wait()
	return began
}

// received returns the messages in the queue "outcomes".
func (l *lab) received(t *testing.T) []sqs.Message {
	t.Helper()
	return must(l.queues.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: l.outcomes, MessageAttributeNames: []string{"All"}}))(t).Messages
}

const outcomes = "arn:aws:sqs:us-east-1:" + account + ":outcomes"

func TestEventsAreRetriedAndThenDeadLetters(t *testing.T) {
	for _, test := range []struct {
		name                    string
		failures, calls, letter int
	}{{"at once", 0, 1, 0}, {"the third time", 2, 3, 0}, {"never", 9, 3, 1}} {
		t.Run(test.name, func(t *testing.T) {
			inTime(t, test.failures, lambda.Settings{DeadLetterConfig: &lambda.DeadLetterConfig{TargetArn: outcomes}}, func(t *testing.T, l *lab) {
				if err := l.Deliver(t.Context(), delivery.Delivery{To: functionA, Service: "sns.amazonaws.com", Body: []byte("{}")}); err == nil {
					t.Error("a topic is not admitted")
				}
				began := l.deliver(t)
				if len(l.runner.calls) != test.calls || len(l.runner.ids) != 1 {
					t.Fatalf("it ran %d times under %d ids, want %d times under one", len(l.runner.calls), len(l.runner.ids), test.calls)
				}
				if last := l.runner.calls[len(l.runner.calls)-1].Sub(began); test.calls == 3 && last != 3*time.Minute {
					t.Errorf("the last attempt came after %v, want one and two minutes", last)
				}
				letters := l.received(t)
				if len(letters) != test.letter {
					t.Fatalf("the dead-letter queue holds %d messages, want %d", len(letters), test.letter)
				}
				for _, m := range letters {
					if a := m.MessageAttributes; m.Body != `{"a":1}` || a["ErrorMessage"].StringValue != "not yet" || !l.runner.ids[a["RequestID"].StringValue] {
						t.Errorf("the dead letter is %+v", m)
					}
				}
			})
		})
	}
}

// TestDestinations expects the records that a public emulator's tests recorded from AWS
// (test_assess_lambda_destination_invocation, test_retries, test_maxeventage).
func TestDestinations(t *testing.T) {
	const failed = `,"responseContext":{"statusCode":200,"executedVersion":"$LATEST","functionError":"Unhandled"},"responsePayload":{"errorMessage":"not yet"}}`
	for _, test := range []struct {
		name      string
		failures  int
		config    lambda.EventSettings
		throttled bool
		want      string // end of the record, from its condition on
	}{
		{"success", 1, lambda.EventSettings{}, false,
			`"Success","approximateInvokeCount":2},"requestPayload":{"a":1},"responseContext":{"statusCode":200,"executedVersion":"$LATEST"},"responsePayload":null}`},
		{"failure", 9, lambda.EventSettings{}, false, `"RetriesExhausted","approximateInvokeCount":3},"requestPayload":{"a":1}` + failed},
		{"no retries", 9, lambda.EventSettings{MaximumRetryAttempts: new(0)}, false, `"RetriesExhausted","approximateInvokeCount":1},"requestPayload":{"a":1}` + failed},
		{"too old for a retry", 9, lambda.EventSettings{MaximumEventAgeInSeconds: new(60)}, false, `"EventAgeExceeded","approximateInvokeCount":1},"requestPayload":{"a":1}` + failed},
		{"too old while throttled", 0, lambda.EventSettings{MaximumEventAgeInSeconds: new(60)}, true, `"EventAgeExceeded","approximateInvokeCount":0},"requestPayload":{"a":1}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			inTime(t, test.failures, lambda.Settings{}, func(t *testing.T, l *lab) {
				test.config.DestinationConfig = &lambda.DestinationConfig{OnSuccess: &lambda.Destination{Destination: outcomes}, OnFailure: &lambda.Destination{Destination: outcomes}}
				must(l.PutFunctionEventInvokeConfig(t.Context(), &lambda.EventInvokeConfigInput{FunctionName: "jobs", EventSettings: test.config}))(t)
				if test.throttled {
					must(l.PutFunctionConcurrency(t.Context(), &lambda.PutFunctionConcurrencyInput{FunctionName: "jobs", Concurrency: lambda.Concurrency{ReservedConcurrentExecutions: new(0)}}))(t)
				}
				l.deliver(t)
				records := l.received(t)
				if len(records) != 1 {
					t.Fatalf("the destination received %d records", len(records))
				}
				_, rest, _ := strings.Cut(records[0].Body, `"condition":`)
				if rest != test.want {
					t.Errorf("the record is %s, want %s at the end", records[0].Body, test.want)
				}
			})
		})
	}
}

// TestThrottledEventsWait checks that a throttled attempt doesn't count as a retry, and that delays double from one
// second (developer guide, "How Lambda handles errors and retries with asynchronous invocation").
func TestThrottledEventsWait(t *testing.T) {
	inTime(t, 2, lambda.Settings{}, func(t *testing.T, l *lab) {
		ctx := t.Context()
		must(l.PutFunctionConcurrency(ctx, &lambda.PutFunctionConcurrencyInput{FunctionName: "jobs", Concurrency: lambda.Concurrency{ReservedConcurrentExecutions: new(0)}}))(t)
		time.AfterFunc(20*time.Second, func() {
			_, _ = l.DeleteFunctionConcurrency(ctx, &lambda.FunctionInput{FunctionName: "jobs"})
		})
		began := l.deliver(t)
		want := []time.Duration{31 * time.Second, 91 * time.Second, 211 * time.Second} // after 1, 2, 4, 8 and 16 seconds, and then the retries
		for i, call := range l.runner.calls {
			if got := call.Sub(began); got != want[i] {
				t.Errorf("run %d comes after %v, want %v", i+1, got, want[i])
			}
		}
		if len(l.runner.calls) != len(want) {
			t.Errorf("it ran %d times, want %d", len(l.runner.calls), len(want))
		}
	})
}

func TestEventInvokeConfigIsRefused(t *testing.T) {
	w := newWorld(t)
	w.create(t)
	name := aws.String("jobs")
	put := func(in awslambda.PutFunctionEventInvokeConfigInput) error {
		in.FunctionName = name
		_, err := w.lambda.PutFunctionEventInvokeConfig(t.Context(), &in)
		return err
	}
	to := func(arn string) awslambda.PutFunctionEventInvokeConfigInput {
		return awslambda.PutFunctionEventInvokeConfigInput{DestinationConfig: &types.DestinationConfig{OnFailure: &types.OnFailure{Destination: &arn}}}
	}
	for what, in := range map[string]awslambda.PutFunctionEventInvokeConfigInput{
		"nothing": {}, "three retries": {MaximumRetryAttempts: aws.Int32(3)}, "a minute less": {MaximumEventAgeInSeconds: aws.Int32(59)},
		"itself": to(functionA), "a bucket": to("arn:aws:s3:::b"), "a topic that the role may not publish on": to("arn:aws:sns:us-east-1:" + account + ":t"),
	} {
		t.Run(what, func(t *testing.T) { wantCode(t, put(in), "InvalidParameterValueException") })
	}
	_, err := w.lambda.GetFunctionEventInvokeConfig(t.Context(), &awslambda.GetFunctionEventInvokeConfigInput{FunctionName: name})
	wantCode(t, err, "ResourceNotFoundException")
	_, err = w.lambda.UpdateFunctionEventInvokeConfig(t.Context(), &awslambda.UpdateFunctionEventInvokeConfigInput{FunctionName: name, MaximumRetryAttempts: aws.Int32(1)})
	wantCode(t, err, "ResourceNotFoundException")
}
