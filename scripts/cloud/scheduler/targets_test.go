package scheduler_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	eventtypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	awsscheduler "github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
)

const anybody = `{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}}`

// TestTargets invokes a target of each kind but a function, which testdata/scheduler.tour of package tour invokes.
func TestTargets(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		open := w.queue("open", map[string]string{"Policy": anybody})
		fifo := w.queue("jobs.fifo", map[string]string{"FifoQueue": "true", "ContentBasedDeduplication": "true"})
		topic := must(w.topic.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: aws.String("news")}))(t).TopicArn
		must(w.topic.Subscribe(t.Context(), &sns.SubscribeInput{
			TopicArn: topic, Protocol: aws.String("sqs"), Endpoint: &open, Attributes: map[string]string{"RawMessageDelivery": "true"},
		}))(t)
		bus := must(w.bus.CreateEventBus(t.Context(), &eventbridge.CreateEventBusInput{Name: aws.String("lamps")}))(t).EventBusArn
		must(w.bus.PutRule(t.Context(), &eventbridge.PutRuleInput{Name: aws.String("all"), EventBusName: bus, EventPattern: aws.String(`{"source": ["hall"], "detail-type": ["time to light"]}`)}))(t)
		must(w.bus.PutTargets(t.Context(), &eventbridge.PutTargetsInput{Rule: aws.String("all"), EventBusName: bus,
			Targets: []eventtypes.Target{{Id: aws.String("q"), Arn: &open, InputPath: aws.String("$.detail")}}}))(t)
		must(w.bus.PutTargets(t.Context(), &eventbridge.PutTargetsInput{Rule: aws.String("all"), EventBusName: bus,
			Targets: []eventtypes.Target{{Id: aws.String("r"), Arn: &open, InputPath: aws.String("$.resources")}}}))(t)

		for _, c := range []struct {
			name   string
			target func(*types.Target)
			queue  string
			want   []string
		}{
			{"topic", func(to *types.Target) { to.Arn = topic }, "open", []string{"tick"}},
			{"fifo", func(to *types.Target) {
				to.Arn, to.SqsParameters = &fifo, &types.SqsParameters{MessageGroupId: aws.String("g")}
			}, "jobs.fifo", []string{"tick"}},
			{"bus", func(to *types.Target) {
				to.Arn, to.Input = bus, aws.String(`{"lamp": 1, "at": "<aws.scheduler.scheduled-time>"}`)
				to.EventBridgeParameters = &types.EventBridgeParameters{DetailType: aws.String("time to light"), Source: aws.String("hall")}
			}, "open", []string{`{"lamp":1,"at":"2000-01-01T00:00:00Z"}`, `["arn:aws:scheduler:us-east-1:000000000000:schedule/default/bus"]`}},
		} {
			if err := w.schedule(c.name, "at(2000-01-01T00:00:00)", with(c.target)); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			sleep(time.Millisecond)
			if got := w.bodies(c.queue); !slices.Equal(got, c.want) {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
	})
}

// TestInput checks context attributes and the default input.
func TestInput(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		failures := 1
		w.failing(&failures)
		const text = "<aws.scheduler.schedule-arn> <aws.scheduler.attempt-number> <aws.scheduler.execution-id> <aws.scheduler.unknown>"
		if err := w.schedule("told", "at(2000-01-01T00:00:00)", with(func(to *types.Target) { to.Input = aws.String(text) })); err != nil {
			t.Fatal(err)
		}
		sleep(time.Minute)
		got := strings.Fields(w.bodies("jobs")[0])
		if got[0] != "arn:aws:scheduler:us-east-1:000000000000:schedule/default/told" || got[1] != "2" || len(got[2]) != 16 || got[3] != "<aws.scheduler.unknown>" {
			t.Errorf("with attributes: %q", got)
		}

		if err := w.schedule("untold", "at(2000-01-01T00:01:00)", with(func(to *types.Target) { to.Input = nil })); err != nil {
			t.Fatal(err)
		}
		sleep(time.Millisecond)
		var event map[string]any
		if err := json.Unmarshal([]byte(w.bodies("jobs")[0]), &event); err != nil || event["detail-type"] != "Scheduled Event" ||
			event["source"] != "aws.scheduler" || event["time"] != "2000-01-01T00:01:00Z" || event["detail"] != "{}" {
			t.Errorf("by default: %v %v", event, err)
		}
	})
}

// TestDeadLetters checks which failures are retried, and what a dead letter says. Source of the attributes: user guide,
// "Configuring a schedule's dead-letter queue".
func TestDeadLetters(t *testing.T) {
	buried := func(to *types.Target) { to.DeadLetterConfig = &types.DeadLetterConfig{Arn: aws.String(dead)} }
	for _, c := range []struct {
		name     string
		change   func(*types.Target)
		failures int    // of the service; all others are permanent
		policy   string // of the role
		want     map[string]string
	}{
		{"the queue is missing", func(to *types.Target) { to.Arn = aws.String("arn:aws:sqs:us-east-1:000000000000:gone") }, 0, mayAll,
			map[string]string{"ERROR_CODE": "AWS.SimpleQueueService.NonExistentQueue", "RETRY_ATTEMPTS": "0", "TARGET_ARN": "arn:aws:sqs:us-east-1:000000000000:gone"}},
		{"the role may not", func(*types.Target) {}, 0, `{"Statement": {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "` + dead + `"}}`,
			map[string]string{"ERROR_CODE": "AccessDeniedException", "RETRY_ATTEMPTS": "0"}},
		{"three retries", func(to *types.Target) { to.RetryPolicy = &types.RetryPolicy{MaximumRetryAttempts: aws.Int32(3)} }, 9, mayAll,
			map[string]string{"ERROR_CODE": "InternalFailure", "RETRY_ATTEMPTS": "3", "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts"}},
		{"no retry", func(to *types.Target) { to.RetryPolicy = &types.RetryPolicy{MaximumRetryAttempts: aws.Int32(0)} }, 9, mayAll,
			map[string]string{"ERROR_CODE": "InternalFailure", "RETRY_ATTEMPTS": "0", "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts"}},
		{"an hour of retries", func(to *types.Target) { to.RetryPolicy = &types.RetryPolicy{MaximumEventAgeInSeconds: aws.Int32(3600)} }, 999, mayAll,
			map[string]string{"ERROR_CODE": "InternalFailure", "EXHAUSTED_RETRY_CONDITION": "MaximumEventAgeInSeconds"}},
		{"in the end it succeeds", func(*types.Target) {}, 5, mayAll, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			inTime(t, func(t *testing.T, w *world) {
				w.failing(&c.failures)
				w.allow(c.policy)
				if err := w.schedule("failing", "at(2000-01-01T00:01:00)", timed, with(c.change), with(buried), deleted); err != nil {
					t.Fatal(err)
				}
				sleep(2 * time.Hour)
				letters := w.messages("dead")
				if c.want == nil {
					if got := w.bodies("jobs"); len(letters) > 0 || len(got) != 1 {
						t.Errorf("%d letters, and it ran %q", len(letters), got)
					}
					return
				}
				if len(letters) != 1 || *letters[0].Body != "2000-01-01T00:01:00Z" {
					t.Fatalf("the dead letters are %v", letters)
				}
				c.want["SCHEDULED_TIME"], c.want["IS_PAYLOAD_TRUNCATED"] = "2000-01-01T00:01:00Z", "false"
				c.want["SCHEDULE_ARN"] = "arn:aws:scheduler:us-east-1:000000000000:schedule/default/failing"
				for name, want := range c.want {
					if got := aws.ToString(letters[0].MessageAttributes[name].StringValue); got != want {
						t.Errorf("%s is %q, want %q", name, got, want)
					}
				}
				if len(aws.ToString(letters[0].MessageAttributes["EXECUTION_ID"].StringValue)) != 16 || letters[0].MessageAttributes["ERROR_MESSAGE"].StringValue == nil {
					t.Errorf("the attributes are %v", letters[0].MessageAttributes)
				}
				_, err := w.clock.GetSchedule(t.Context(), &awsscheduler.GetScheduleInput{Name: aws.String("failing")})
				wantError(t, err, "ResourceNotFoundException", "")
			})
		})
	}
}

// TestLostIsTold checks that an invocation that is lost appears on the tap.
func TestLostIsTold(t *testing.T) {
	inTime(t, func(t *testing.T, w *world) {
		w.allow(`{"Statement": {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:000000000000:other"}}`)
		if err := w.schedule("lost", "at(2000-01-01T00:00:00)"); err != nil {
			t.Fatal(err)
		}
		sleep(time.Millisecond)
		var told []string
		for len(w.hops.C) > 0 {
			hop := <-w.hops.C
			told = append(told, string(hop.Kind)+" "+hop.Resource+" "+hop.Note)
		}
		for _, want := range []string{
			"denied arn:aws:sqs:us-east-1:000000000000:jobs sqs:SendMessage",
			"undelivered arn:aws:sqs:us-east-1:000000000000:jobs AccessDeniedException: User: arn:aws:sts::000000000000:assumed-role/clock/lost is not authorized to perform: sqs:SendMessage",
		} {
			if !slices.ContainsFunc(told, func(hop string) bool { return strings.HasPrefix(hop, want) }) {
				t.Errorf("%q is not told: %q", want, told)
			}
		}
	})
}
