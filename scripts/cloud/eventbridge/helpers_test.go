package eventbridge_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awseb "github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/smithy-go"

	"example.com/localcloud/delivery"
	"example.com/localcloud/eventbridge"
	"example.com/localcloud/tap"
)

const (
	queueARN = "arn:aws:sqs:us-east-1:000000000000:jobs"
	dlqARN   = "arn:aws:sqs:us-east-1:000000000000:jobs-undelivered"
)

// targets stands in for all resources that a rule can send to. It keeps deliveries, passes them on or fails, as the
// test says.
type targets struct {
	next    delivery.Target
	mu      sync.Mutex
	arrived []delivery.Delivery
	fail    func(delivery.Delivery) error
}

func (f *targets) Deliver(ctx context.Context, d delivery.Delivery) error {
	if f.next != nil {
		return f.next.Deliver(ctx, d)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fail != nil {
		if err := f.fail(d); err != nil {
			return err
		}
	}
	f.arrived = append(f.arrived, d)
	return nil
}

// take returns the deliveries since the last call.
func (f *targets) take() []delivery.Delivery {
	f.mu.Lock()
	defer f.mu.Unlock()
	taken := f.arrived
	f.arrived = nil
	return taken
}

// bodies returns the deliveries since the last call, by target.
func (f *targets) bodies() map[string][]string {
	bodies := map[string][]string{}
	for _, d := range f.take() {
		bodies[d.To] = append(bodies[d.To], string(d.Body))
	}
	return bodies
}

// start returns a service whose targets keep deliveries. Other buses are real.
func start(t testing.TB) (*eventbridge.Service, *targets, *tap.Tap) {
	kept, hops := &targets{}, &tap.Tap{}
	router := delivery.Router{"sqs": kept, "sns": kept, "lambda": kept, "logs": kept}
	service := eventbridge.New(router, hops)
	router["events"] = service
	t.Cleanup(service.Close)
	return service, kept, hops
}

// serve is like start, but returns a client of the Go SDK.
func serve(t testing.TB) (*awseb.Client, *targets, *tap.Tap) {
	service, kept, hops := start(t)
	server := httptest.NewServer(service.Wire())
	t.Cleanup(server.Close)
	return awseb.New(awseb.Options{
		Region: "us-east-1", BaseEndpoint: &server.URL, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
	}), kept, hops
}

// rule creates a rule on a bus with the given targets.
func rule(t testing.TB, client *awseb.Client, bus, name, pattern string, targets ...types.Target) string {
	t.Helper()
	out, err := client.PutRule(t.Context(), &awseb.PutRuleInput{EventBusName: &bus, Name: &name, EventPattern: &pattern})
	if err != nil {
		t.Fatal(err)
	}
	if len(targets) > 0 {
		if _, err := client.PutTargets(t.Context(), &awseb.PutTargetsInput{EventBusName: &bus, Rule: &name, Targets: targets}); err != nil {
			t.Fatal(err)
		}
	}
	return *out.RuleArn
}

// put publishes one event and returns its id.
func put(t testing.TB, client *awseb.Client, bus, detailType, detail string) string {
	t.Helper()
	out, err := client.PutEvents(t.Context(), &awseb.PutEventsInput{Entries: []types.PutEventsRequestEntry{
		{EventBusName: &bus, Source: aws.String("app"), DetailType: &detailType, Detail: &detail},
	}})
	if err != nil || out.FailedEntryCount != 0 {
		t.Fatal(out, err)
	}
	return *out.Entries[0].EventId
}

func target(id, arn string) types.Target { return types.Target{Id: &id, Arn: &arn} }

// errorText returns an error's AWS code and message as "Code: message".
func errorText(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode() + ": " + api.ErrorMessage()
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func decode(t testing.TB, text string) map[string]any {
	t.Helper()
	var decoded map[string]any
	if err := json.Unmarshal([]byte(text), &decoded); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return decoded
}
