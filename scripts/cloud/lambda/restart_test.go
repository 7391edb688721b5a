package lambda_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awslambda "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// site is a server that functions request. A request ends when the test says so or the function disconnects.
type site struct {
	*httptest.Server
	visits  chan string
	release chan struct{}
}

func newSite(t *testing.T) *site {
	s := &site{visits: make(chan string, 10), release: make(chan struct{})}
	s.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		s.visits <- r.URL.Path
		select {
		case <-s.release:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// visited waits until all the paths have been requested, in any order. Each may be requested more than once, because
// both sources deliver at least once.
func (s *site) visited(t *testing.T, paths ...string) {
	t.Helper()
	for missing := slices.Clone(paths); len(missing) > 0; {
		select {
		case got := <-s.visits:
			missing = slices.DeleteFunc(missing, func(path string) bool { return path == got })
		case <-t.Context().Done():
			t.Fatalf("nobody requested %v", missing)
		}
	}
}

// TestRestart ends a cloud while a function handles a message and an event. The restored function must handle both
// again.
func TestRestart(t *testing.T) {
	for name, killed := range map[string]bool{"closed": false, "killed": true} {
		t.Run(name, func(t *testing.T) { restart(t, killed) })
	}
}

func restart(t *testing.T, killed bool) {
	t.Parallel() // a message reappears when its visibility timeout ends
	ctx, folder, site := t.Context(), t.TempDir(), newSite(t)
	w := withRole(t, begin(t, folder))
	w.create(t, func(in *awslambda.CreateFunctionInput) {
		in.Environment = &types.Environment{Variables: map[string]string{"COLOUR": "red"}}
		in.Tags = map[string]string{"team": "a"}
	})
	must(w.lambda.UpdateFunctionCode(ctx, &awslambda.UpdateFunctionCodeInput{FunctionName: aws.String("jobs"), ZipFile: code(t)}))(t)
	must(w.lambda.PutFunctionConcurrency(ctx, &awslambda.PutFunctionConcurrencyInput{FunctionName: aws.String("jobs"), ReservedConcurrentExecutions: aws.Int32(9)}))(t)
	must(w.lambda.AddPermission(ctx, &awslambda.AddPermissionInput{FunctionName: aws.String("jobs"), StatementId: aws.String("rule"), Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("events.amazonaws.com")}))(t)
	must(w.lambda.PutFunctionEventInvokeConfig(ctx, &awslambda.PutFunctionEventInvokeConfigInput{FunctionName: aws.String("jobs"), MaximumRetryAttempts: aws.Int32(1)}))(t)
	queue := must(w.sqs.CreateQueue(ctx, &awssqs.CreateQueueInput{QueueName: aws.String("jobs")}))(t).QueueUrl
	mapping := must(w.lambda.CreateEventSourceMapping(ctx, &awslambda.CreateEventSourceMappingInput{
		FunctionName: aws.String("jobs"), EventSourceArn: aws.String("arn:aws:sqs:us-east-1:" + account + ":jobs"), BatchSize: aws.Int32(1),
		FilterCriteria: &types.FilterCriteria{Filters: []types.Filter{{Pattern: aws.String(`{"body": [{"prefix": "http"}]}`)}}}}))(t)
	must(w.sqs.SetQueueAttributes(ctx, &awssqs.SetQueueAttributesInput{QueueUrl: queue, Attributes: map[string]string{"VisibilityTimeout": "3"}}))(t)
	state := func() (*awslambda.GetFunctionOutput, *awslambda.GetPolicyOutput, *awslambda.GetEventSourceMappingOutput) {
		return must(w.lambda.GetFunction(ctx, &awslambda.GetFunctionInput{FunctionName: aws.String("jobs")}))(t),
			must(w.lambda.GetPolicy(ctx, &awslambda.GetPolicyInput{FunctionName: aws.String("jobs")}))(t),
			must(w.lambda.GetEventSourceMapping(ctx, &awslambda.GetEventSourceMappingInput{UUID: mapping.UUID}))(t)
	}
	function, policy, mapped := state()
	must(w.lambda.Invoke(ctx, &awslambda.InvokeInput{FunctionName: aws.String("jobs"), InvocationType: types.InvocationTypeEvent, Payload: []byte(`{"Do": "get", "Text": "` + site.URL + `/event"}`)}))(t)
	site.visited(t, "/event")
	must(w.sqs.SendMessage(ctx, &awssqs.SendMessageInput{QueueUrl: queue, MessageBody: aws.String(site.URL + "/message")}))(t)
	site.visited(t, "/message")

	if killed { // see the tests of package cloud
		fresh := filepath.Join(t.TempDir(), "copy")
		if err := os.CopyFS(fresh, os.DirFS(folder)); err != nil {
			t.Fatal(err)
		}
		folder = fresh
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	w = begin(t, folder)
	site.visited(t, "/event", "/message")
	close(site.release)
	functionNow, policyNow, mappedNow := state()
	if events := must(w.lambda.GetFunctionEventInvokeConfig(ctx, &awslambda.GetFunctionEventInvokeConfigInput{FunctionName: aws.String("jobs")}))(t); aws.ToInt32(events.MaximumRetryAttempts) != 1 {
		t.Errorf("events are handled with %+v", events)
	}
	ignore := cmp.Options{cmpopts.IgnoreFields(types.FunctionCodeLocation{}, "Location"), cmpopts.IgnoreUnexported(awslambda.GetFunctionOutput{}, awslambda.GetPolicyOutput{}, awslambda.GetEventSourceMappingOutput{},
		types.FunctionConfiguration{}, types.FunctionCodeLocation{}, types.Concurrency{}, types.EnvironmentResponse{}, types.TracingConfigResponse{}, types.LoggingConfig{}, types.FilterCriteria{}, types.Filter{}),
		cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "ResultMetadata" }, cmp.Ignore())}
	if diff := cmp.Diff(function, functionNow, ignore) + cmp.Diff(policy, policyNow, ignore) + cmp.Diff(mapped, mappedNow, ignore); diff != "" {
		t.Errorf("it has changed (-before +now):\n%s", diff)
	}
	if answer := w.invoke(t, `{"Do": "echo", "Text": "hello"}`); string(answer.Payload) != `"hello"` {
		t.Errorf("the function returns %s", answer.Payload)
	}
	versions, err := os.ReadDir(filepath.Join(folder, "lambda"))
	if err != nil || len(versions) != 1 {
		t.Errorf("%d versions of the code are there (%v), want one", len(versions), err)
	}
}
