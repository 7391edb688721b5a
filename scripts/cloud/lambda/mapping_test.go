package lambda_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	awslambda "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"example.com/localcloud/lambda"
	"example.com/localcloud/sqs"
	"example.com/localcloud/tap"
)

const queueARN = "arn:aws:sqs:us-east-1:" + account + ":jobs"

// queue creates a queue and returns its URL.
func (w *world) queue(t *testing.T, name string) *string {
	t.Helper()
	return must(w.sqs.CreateQueue(t.Context(), &awssqs.CreateQueueInput{QueueName: &name}))(t).QueueUrl
}

// mapQueue maps the queue "jobs" to the function "jobs".
func (w *world) mapQueue(t *testing.T, change func(*awslambda.CreateEventSourceMappingInput)) string {
	t.Helper()
	in := &awslambda.CreateEventSourceMappingInput{FunctionName: aws.String("jobs"), EventSourceArn: aws.String(queueARN),
		FunctionResponseTypes: []types.FunctionResponseType{types.FunctionResponseTypeReportBatchItemFailures}}
	change(in)
	return *must(w.lambda.CreateEventSourceMapping(t.Context(), in))(t).UUID
}

// counts returns the numbers of visible and of in-flight messages.
func (w *world) counts(t *testing.T, url *string) [2]string {
	t.Helper()
	out := must(w.sqs.GetQueueAttributes(t.Context(), &awssqs.GetQueueAttributesInput{QueueUrl: url, AttributeNames: []sqstypes.QueueAttributeName{"All"}}))(t)
	return [2]string{out.Attributes["ApproximateNumberOfMessages"], out.Attributes["ApproximateNumberOfMessagesNotVisible"]}
}

func TestBatches(t *testing.T) {
	tests := []struct {
		name     string
		bodies   []string
		reports  bool
		inFlight string // after the batch: the messages that were not deleted
	}{
		{"all is well", []string{"a", "b", "c"}, true, "0"},
		{"only the failed stay", []string{"a", "fail", "c", "fail"}, true, "2"},
		{"a report that is not asked for", []string{"a", "fail"}, false, "0"},
		{"a malformed report", []string{"a", "malformed"}, true, "2"},
		{"an error", []string{"a", "error", "c"}, false, "3"},
	}
	w := newWorld(t)
	w.create(t)
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			name := fmt.Sprint("jobs", i)
			url := w.queue(t, name)
			for _, body := range test.bodies {
				must(w.sqs.SendMessage(t.Context(), &awssqs.SendMessageInput{QueueUrl: url, MessageBody: &body}))(t)
			}
			hops := w.Tap.Listen(1000)
			defer hops.Close()
			w.mapQueue(t, func(in *awslambda.CreateEventSourceMappingInput) {
				in.EventSourceArn = aws.String("arn:aws:sqs:us-east-1:" + account + ":" + name)
				if !test.reports {
					in.FunctionResponseTypes = nil
				}
			})
			deleted := len(test.bodies)
			if _, err := fmt.Sscan(test.inFlight, &deleted); err != nil {
				t.Fatal(err)
			}
			await(hops, map[tap.Kind]int{tap.Returned: 1, tap.Deleted: len(test.bodies) - deleted})
			if got, want := w.counts(t, url), [2]string{"0", test.inFlight}; got != want {
				t.Errorf("visible and in flight are %v, want %v", got, want)
			}
		})
	}
}

// await reads hops until it has seen the wanted number of each kind.
func await(hops *tap.Listener, want map[tap.Kind]int) {
	for missing := true; missing; {
		missing = false
		for _, n := range want {
			missing = missing || n > 0
		}
		if missing {
			want[(<-hops.C).Kind]--
		}
	}
}

func TestMaximumConcurrency(t *testing.T) {
	w, g := newWorld(t), newGate(t)
	w.create(t)
	url := w.queue(t, "jobs")
	w.mapQueue(t, func(in *awslambda.CreateEventSourceMappingInput) {
		in.BatchSize, in.ScalingConfig = aws.Int32(1), &types.ScalingConfig{MaximumConcurrency: aws.Int32(3)}
	})
	hops := w.Tap.Listen(1000)
	defer hops.Close()
	for range 5 {
		must(w.sqs.SendMessage(t.Context(), &awssqs.SendMessageInput{QueueUrl: url, MessageBody: aws.String(g.URL)}))(t)
	}
	for range 3 { // concurrent batches
		<-g.arrived
	}
	if got, want := w.counts(t, url), [2]string{"2", "3"}; got != want {
		t.Errorf("with three batches under way, visible and in flight are %v, want %v", got, want)
	}
	g.let()
	await(hops, map[tap.Kind]int{tap.Deleted: 5})
}

func TestMappingsAreKept(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	w.create(t)
	url := w.queue(t, "jobs")
	id := aws.String(w.mapQueue(t, func(in *awslambda.CreateEventSourceMappingInput) { in.Enabled = aws.Bool(false) }))
	must(w.sqs.SendMessage(ctx, &awssqs.SendMessageInput{QueueUrl: url, MessageBody: aws.String("a")}))(t)
	got := must(w.lambda.GetEventSourceMapping(ctx, &awslambda.GetEventSourceMappingInput{UUID: id}))(t)
	if *got.State != "Disabled" || *got.BatchSize != 10 || *got.FunctionArn != functionA || w.counts(t, url)[0] != "1" {
		t.Errorf("GetEventSourceMapping: %+v", got)
	}
	_, err := w.lambda.CreateEventSourceMapping(ctx, &awslambda.CreateEventSourceMappingInput{FunctionName: aws.String("jobs"), EventSourceArn: aws.String(queueARN)})
	wantCode(t, err, "ResourceConflictException")
	hops := w.Tap.Listen(100)
	defer hops.Close()
	must(w.lambda.UpdateEventSourceMapping(ctx, &awslambda.UpdateEventSourceMappingInput{UUID: id, Enabled: aws.Bool(true)}))(t)
	await(hops, map[tap.Kind]int{tap.Deleted: 1})
	if list := must(w.lambda.ListEventSourceMappings(ctx, &awslambda.ListEventSourceMappingsInput{FunctionName: aws.String("jobs")}))(t); len(list.EventSourceMappings) != 1 {
		t.Errorf("ListEventSourceMappings: %+v", list)
	}
	must(w.lambda.DeleteEventSourceMapping(ctx, &awslambda.DeleteEventSourceMappingInput{UUID: id}))(t)
	_, err = w.lambda.GetEventSourceMapping(ctx, &awslambda.GetEventSourceMappingInput{UUID: id})
	wantCode(t, err, "ResourceNotFoundException")
}

// TestMappingsSayWhatIsUnderWay checks the states in the responses to changes and afterwards.
func TestMappingsSayWhatIsUnderWay(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	w.create(t)
	w.queue(t, "jobs")
	created := must(w.lambda.CreateEventSourceMapping(ctx, &awslambda.CreateEventSourceMappingInput{FunctionName: aws.String("jobs"), EventSourceArn: aws.String(queueARN)}))(t)
	now := func() string {
		return *must(w.lambda.GetEventSourceMapping(ctx, &awslambda.GetEventSourceMappingInput{UUID: created.UUID}))(t).State
	}
	update := func(enabled *bool) string {
		return *must(w.lambda.UpdateEventSourceMapping(ctx, &awslambda.UpdateEventSourceMappingInput{UUID: created.UUID, Enabled: enabled, BatchSize: aws.Int32(2)}))(t).State
	}
	states := []string{*created.State, now(), update(nil), now(), update(aws.Bool(false)), now(), update(aws.Bool(true)), now(),
		*must(w.lambda.DeleteEventSourceMapping(ctx, &awslambda.DeleteEventSourceMappingInput{UUID: created.UUID}))(t).State}
	want := []string{"Creating", "Enabled", "Updating", "Enabled", "Disabling", "Disabled", "Enabling", "Enabled", "Deleting"}
	if !slices.Equal(states, want) {
		t.Errorf("states are %v, want %v", states, want)
	}
}

func TestMappingNeedsTheRolesPermission(t *testing.T) {
	w := newWorld(t)
	w.create(t)
	w.queue(t, "jobs")
	must(w.iam.DeleteRolePolicy(t.Context(), &awsiam.DeleteRolePolicyInput{RoleName: aws.String("jobs"), PolicyName: aws.String("all")}))(t)
	_, err := w.lambda.CreateEventSourceMapping(t.Context(), &awslambda.CreateEventSourceMappingInput{FunctionName: aws.String("jobs"), EventSourceArn: aws.String(queueARN)})
	wantCode(t, err, "InvalidParameterValueException")
}

// TestFilteredMessages checks that a mapping passes on what matches its filters and deletes the rest.
func TestFilteredMessages(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	w.create(t)
	url := w.queue(t, "jobs")
	hops := w.Tap.Listen(1000)
	defer hops.Close()
	for _, body := range []string{`{"state": "lit"}`, `{"state": "dark"}`, `lit`, `{"state": "broken"}`} {
		must(w.sqs.SendMessage(ctx, &awssqs.SendMessageInput{QueueUrl: url, MessageBody: &body}))(t)
	}
	w.mapQueue(t, func(in *awslambda.CreateEventSourceMappingInput) {
		in.FilterCriteria = &types.FilterCriteria{Filters: []types.Filter{{Pattern: aws.String(`{"body": {"state": ["lit"]}}`)}, {Pattern: aws.String(`{"body": {"state": ["broken"]}}`)}}}
	})
	var invocations []string
	for deleted := 0; deleted < 4; {
		switch hop := <-hops.C; hop.Kind {
		case tap.Invoked:
			invocations = append(invocations, string(hop.Body))
		case tap.Deleted:
			deleted++
		}
	}
	got := strings.Join(invocations, "")
	if !strings.Contains(got, `\"lit\"`) || !strings.Contains(got, `\"broken\"`) || strings.Contains(got, "dark") || strings.Contains(got, `"lit"`) {
		t.Errorf("the function received %s", got)
	}
	if counts := w.counts(t, url); counts != [2]string{"0", "0"} {
		t.Errorf("visible and in flight are %v", counts)
	}
}

// TestLargeBatches checks that a batch is divided so that no payload is over 6 MB, and that a FIFO queue keeps its order.
func TestLargeBatches(t *testing.T) {
	for _, test := range []struct {
		queue       string
		failures    int
		invocations int
		left        int // messages
	}{{"large", 0, 2, 0}, {"large.fifo", 0, 2, 0}, {"large.fifo", 1, 1, 8}} {
		t.Run(fmt.Sprint(test.queue, " ", test.failures), func(t *testing.T) {
			inTime(t, test.failures, lambda.Settings{}, func(t *testing.T, l *lab) { largeBatch(t, l, test.queue, test.invocations, test.left) })
		})
	}
}

func largeBatch(t *testing.T, l *lab, queue string, invocations, left int) {
	ctx := t.Context()
	in, group := &sqs.CreateQueueInput{QueueName: queue}, ""
	ordered := strings.HasSuffix(queue, ".fifo")
	if ordered {
		in.Attributes, group = map[string]string{"FifoQueue": "true", "ContentBasedDeduplication": "true"}, `, "MessageGroupId": "one"`
	}
	url := must(l.queues.CreateQueue(ctx, in))(t).QueueUrl
	for i := range 8 {
		var sending sqs.SendMessageInput
		body := strconv.Itoa(i) + strings.Repeat("<", 1_000_000-1)
		if err := json.Unmarshal(fmt.Appendf(nil, `{"QueueUrl": %q, "MessageBody": %q%s}`, url, body, group), &sending); err != nil {
			t.Fatal(err)
		}
		must(l.queues.SendMessage(ctx, &sending))(t)
	}
	must(l.CreateEventSourceMapping(ctx, &lambda.CreateEventSourceMappingInput{FunctionName: "jobs", EventSourceArn: "arn:aws:sqs:us-east-1:" + account + ":" + queue}))(t)
	time.Sleep(10 * time.Second) // less than the visibility timeout
	synctest.Wait()
	var bodies []string
	for _, payload := range l.runner.payloads {
		if len(payload) > 6<<20 {
			t.Errorf("a payload has %d bytes", len(payload))
		}
		var event struct{ Records []struct{ Body string } }
		if err := json.Unmarshal(payload, &event); err != nil {
			t.Fatal(err)
		}
		for _, r := range event.Records {
			bodies = append(bodies, r.Body[:1])
		}
	}
	if !ordered {
		slices.Sort(bodies) // a standard queue keeps no order
	}
	if got := strings.Join(bodies, ""); len(l.runner.payloads) != invocations || !strings.HasPrefix("01234567", got) || len(got) < 8-left {
		t.Errorf("%d invocations received the messages %s, want %d", len(l.runner.payloads), got, invocations)
	}
	depth := l.queues.Depth(queue)
	if depth.Visible+depth.InFlight != left {
		t.Errorf("%+v messages are left, want %d", depth, left)
	}
}
