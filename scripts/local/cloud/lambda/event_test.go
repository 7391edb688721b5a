package lambda_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"example.com/troupe/scripts/local/cloud/delivery"
	"example.com/troupe/scripts/local/cloud/iam"
	"example.com/troupe/scripts/local/cloud/lambda"
	"example.com/troupe/scripts/local/cloud/logs"
	"example.com/troupe/scripts/local/cloud/sqs"
	"example.com/troupe/scripts/local/cloud/tap"
)

// scripted is a Runner whose functions fail the first times, in this process.
type scripted struct {
	failures int
	calls    []time.Time
	ids      map[string]bool
}

func (s *scripted) Start(context.Context, lambda.Spec) (lambda.Environment, error) { return s, nil }
func (s *scripted) Alive() bool                                                    { return true }
func (s *scripted) MemoryUsed() int                                                { return 0 }
func (s *scripted) Close()                                                         {}

func (s *scripted) Invoke(_ context.Context, i lambda.Invocation) ([]byte, error) {
	s.calls = append(s.calls, time.Now())
	s.ids[i.RequestID] = true
	if len(s.calls) <= s.failures {
		return nil, &lambda.Failure{Type: "Error", Payload: []byte(`{"errorMessage": "not yet"}`)}
	}
	return []byte("null"), nil
}

func TestEventsAreRetriedAndThenDeadLetters(t *testing.T) {
	binary := must(archive("bootstrap", []byte("never run")))(t)
	for _, test := range []struct {
		name                    string
		failures, calls, letter int
	}{{"at once", 0, 1, 0}, {"the third time", 2, 3, 0}, {"never", 9, 3, 1}} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, hops := t.Context(), &tap.Tap{}
				roles, queues, runner := iam.New(hops), sqs.New(hops), &scripted{failures: test.failures, ids: map[string]bool{}}
				defer queues.Close()
				must(roles.CreateRole(ctx, &iam.CreateRoleInput{RoleName: "jobs", AssumeRolePolicyDocument: trust}))(t)
				must(roles.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: "jobs", PolicyName: "all", PolicyDocument: mayAll}))(t)
				dead := must(queues.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: "dead"}))(t)
				s := lambda.New(lambda.Options{Runner: runner, IAM: roles, SQS: queues, Logs: logs.New(), Tap: hops})
				defer s.Close()
				must(s.CreateFunction(ctx, &lambda.CreateFunctionInput{FunctionName: "jobs", Code: lambda.FunctionCode{ZipFile: binary}, Settings: lambda.Settings{
					Role: roleARN, Runtime: "provided.al2023", Handler: "bootstrap",
					DeadLetterConfig: &lambda.DeadLetterConfig{TargetArn: "arn:aws:sqs:us-east-1:" + account + ":dead"}}}))(t)
				must(s.AddPermission(ctx, &lambda.AddPermissionInput{FunctionName: "jobs", StatementId: "rule", Action: "lambda:InvokeFunction", Principal: "events.amazonaws.com"}))(t)

				began := time.Now()
				if err := s.Deliver(ctx, delivery.Delivery{To: functionA, Service: "sns.amazonaws.com", Body: []byte("{}")}); err == nil {
					t.Error("a topic is not admitted")
				}
				if err := s.Deliver(ctx, delivery.Delivery{To: functionA, Service: "events.amazonaws.com", Body: []byte(`{"a": 1}`)}); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Hour)
				synctest.Wait()
				if len(runner.calls) != test.calls || len(runner.ids) != 1 {
					t.Fatalf("it ran %d times under %d ids, want %d times under one", len(runner.calls), len(runner.ids), test.calls)
				}
				if last := runner.calls[len(runner.calls)-1].Sub(began); test.calls == 3 && last != 3*time.Minute {
					t.Errorf("the last try came after %v, want one and two minutes", last)
				}
				got := must(queues.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: dead.QueueUrl, MessageAttributeNames: []string{"All"}}))(t)
				if len(got.Messages) != test.letter {
					t.Fatalf("the dead-letter queue holds %d messages, want %d", len(got.Messages), test.letter)
				}
				for _, m := range got.Messages {
					if a := m.MessageAttributes; m.Body != `{"a": 1}` || a["ErrorMessage"].StringValue != "not yet" || !runner.ids[a["RequestID"].StringValue] {
						t.Errorf("the dead letter is %+v", m)
					}
				}
			})
		})
	}
}
