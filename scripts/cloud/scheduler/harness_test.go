package scheduler_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	awsscheduler "github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"

	"example.com/localcloud"
	"example.com/localcloud/delivery"
	"example.com/localcloud/journal"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

const (
	account = "000000000000"
	roleARN = "arn:aws:iam::" + account + ":role/clock"
	trust   = `{"Statement": {"Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole"}}`
	mayAll  = `{"Statement": {"Effect": "Allow", "Action": ["sqs:SendMessage", "events:PutEvents", "sns:Publish", "lambda:InvokeFunction"], "Resource": "*"}}`
	dead    = "arn:aws:sqs:us-east-1:" + account + ":dead"
)

// world is a cloud in virtual time, which begins at midnight on 2000-01-01 UTC, with the role "clock" and the queues "jobs"
// and "dead".
type world struct {
	t     *testing.T
	cloud *cloud.Cloud
	hops  *tap.Listener
	fail  func(delivery.Delivery) error // of deliveries; nil: none fails

	folder  string // holds the state of IAM, SQS and Scheduler
	journal *journal.Journal

	clock *awsscheduler.Client
	mq    *sqs.Client
	roles *iam.Client
	bus   *eventbridge.Client
	topic *sns.Client
}

// Do implements the SDK's HTTP client, without a network.
func (w *world) Do(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	recorder := httptest.NewRecorder()
	w.cloud.ServeHTTP(recorder, r)
	return recorder.Result(), nil
}

func (w *world) close() {
	if err := errors.Join(w.cloud.Close(), w.journal.Close()); err != nil {
		w.t.Error(err)
	}
}

// target is a delivery.Target.
type target func(context.Context, delivery.Delivery) error

func (f target) Deliver(ctx context.Context, d delivery.Delivery) error { return f(ctx, d) }

// between fails deliveries when the test says so.
func (w *world) between(next delivery.Target) delivery.Target {
	return target(func(ctx context.Context, d delivery.Delivery) error {
		if w.fail != nil {
			if err := w.fail(d); err != nil {
				return err
			}
		}
		return next.Deliver(ctx, d)
	})
}

// inTime runs a test in virtual time.
func inTime(t *testing.T, test func(t *testing.T, w *world)) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, folder: t.TempDir()}
		w.cloud = cloud.New("http://cloud", w.between)
		w.keep(w.folder)
		defer w.close()
		w.hops = w.cloud.Tap.Listen(1000)
		w.connect("root")
		w.queue("jobs", nil)
		w.queue("dead", nil)
		must(w.roles.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("clock"), AssumeRolePolicyDocument: aws.String(trust)}))(t)
		w.allow(mayAll)
		test(t, w)
	})
}

// failing makes deliveries to other queues than "dead" fail until the number is 0.
func (w *world) failing(failures *int) {
	w.fail = func(d delivery.Delivery) error {
		if d.To == dead || *failures == 0 {
			return nil
		}
		*failures--
		return &wire.Error{Code: "InternalFailure", Status: http.StatusInternalServerError, Message: "simulated"}
	}
}

// connect sets the clients, with an access key.
func (w *world) connect(key string) {
	config := aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://cloud"), HTTPClient: w, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(key, "secret", ""),
	}
	w.clock, w.mq, w.roles = awsscheduler.NewFromConfig(config), sqs.NewFromConfig(config), iam.NewFromConfig(config)
	w.bus, w.topic = eventbridge.NewFromConfig(config), sns.NewFromConfig(config)
}

// queue creates a queue and returns its ARN. It has no policy unless the attributes say so.
func (w *world) queue(name string, attributes map[string]string) string {
	must(w.mq.CreateQueue(w.t.Context(), &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes}))(w.t)
	return "arn:aws:sqs:us-east-1:" + account + ":" + name
}

// allow replaces the policy of the role.
func (w *world) allow(policy string) {
	must(w.roles.PutRolePolicy(w.t.Context(), &iam.PutRolePolicyInput{RoleName: aws.String("clock"), PolicyName: aws.String("may"), PolicyDocument: &policy}))(w.t)
}

// schedule creates a schedule that sends "tick" to the queue "jobs", with changes.
func (w *world) schedule(name, expression string, changes ...func(*awsscheduler.CreateScheduleInput)) error {
	in := &awsscheduler.CreateScheduleInput{
		Name: &name, ScheduleExpression: &expression, FlexibleTimeWindow: &types.FlexibleTimeWindow{Mode: "OFF"},
		Target: &types.Target{Arn: aws.String("arn:aws:sqs:us-east-1:" + account + ":jobs"), RoleArn: aws.String(roleARN), Input: aws.String("tick")},
	}
	for _, change := range changes {
		change(in)
	}
	_, err := w.clock.CreateSchedule(w.t.Context(), in)
	return err
}

// messages takes all messages from a queue.
func (w *world) messages(queue string) (all []sqstypes.Message) {
	for {
		out := must(w.mq.ReceiveMessage(w.t.Context(), &sqs.ReceiveMessageInput{
			QueueUrl: aws.String("http://cloud/" + account + "/" + queue), MaxNumberOfMessages: 10, MessageAttributeNames: []string{"All"},
		}))(w.t)
		if len(out.Messages) == 0 {
			return all
		}
		for _, m := range out.Messages {
			must(w.mq.DeleteMessage(w.t.Context(), &sqs.DeleteMessageInput{QueueUrl: aws.String("http://cloud/" + account + "/" + queue), ReceiptHandle: m.ReceiptHandle}))(w.t)
		}
		all = append(all, out.Messages...)
	}
}

// bodies takes all messages from a queue and returns their bodies.
func (w *world) bodies(queue string) (bodies []string) {
	for _, m := range w.messages(queue) {
		bodies = append(bodies, *m.Body)
	}
	return bodies
}

// sleep lets time pass, and waits until everything in the cloud waits too.
func sleep(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// must returns value, or ends the test if err is not nil.
func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// wantError checks the code of an error and its message.
func wantError(t *testing.T, err error, code, message string) {
	t.Helper()
	if e, is := errors.AsType[smithy.APIError](err); !is || e.ErrorCode() != code || !strings.Contains(e.ErrorMessage(), message) {
		t.Errorf("the error is %v, want %s: …%s…", err, code, message)
	}
}
