package stack_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	queue "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"example.com/troupe/scripts/internal/stack"
)

const (
	panics   = "package main\n\nfunc main() { panic(\"no stage\") }\n"
	refuses  = "package main\n\nimport \"os\"\n\nfunc main() { println(\"KEY is not set\"); os.Exit(3) }\n"
	collapse = "package main\n\nimport \"os\"\n\nfunc main() { println(`{\"msg\":\"ready\"}`); println(\"out of memory\"); os.Exit(3) }\n"
)

// write replaces the source of a service.
func write(t *testing.T, root, service, source string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(root, "services", service, "main.go"), []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestFunctionThatPanicsAtStart: a function that can't start ends the start of everything, with its name and what it
// wrote, before any event needs it.
func TestFunctionThatPanicsAtStart(t *testing.T) {
	root := theatre(t)
	write(t, root, "usher", panics)
	_, err := stack.Start(t.Context(), stack.Options{Root: root})
	if refused, ok := errors.AsType[*stack.StartError](err); !ok || refused.Service != "usher" ||
		!strings.Contains(err.Error(), "usher does not start: ") || !strings.Contains(err.Error(), "panic: no stage") {
		t.Errorf("Start: %v; want usher's panic", err)
	}
}

// told collects what a stack tells.
type told chan string

func (c told) problem(service, why string) { c <- service + " " + why }

// next waits for the next problem and checks its text.
func (c told) next(t *testing.T, wants ...string) {
	t.Helper()
	got := <-c
	for _, want := range wants {
		if !strings.Contains(got, want) {
			t.Errorf("told: %s\nwant %q", got, want)
		}
	}
}

// TestProblems breaks services of a running stack and mends them. Each problem is told once and lasts until it is
// mended.
func TestProblems(t *testing.T) {
	root, seen := theatre(t), make(told, 100)
	write(t, root, "desk", panics)
	s, err := stack.Start(t.Context(), stack.Options{Root: root, KeepGoing: true, Problem: seen.problem})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	seen.next(t, "desk does not start: Runtime exited with error: exit status 2\n  panic: no stage")
	if got := s.Problems(); len(got) != 1 || !strings.Contains(got["desk"], "panic: no stage") {
		t.Errorf("Problems: %q", got)
	}
	update := func(service, source string, want ...string) {
		t.Helper()
		write(t, root, service, source)
		replaced, _, err := s.Update(t.Context(), service)
		if _, refused := errors.AsType[*stack.StartError](err); err != nil && (!refused || want != nil) || !slices.Equal(replaced, want) {
			t.Errorf("Update of %s: replaced %v, %v; want %v", service, replaced, err, want)
		}
	}
	update("desk", function, "desk")
	if got := s.Problems(); len(got) != 0 {
		t.Errorf("after desk is mended: %q", got)
	}

	update("porter", refuses)
	seen.next(t, "porter does not start: exit status 3\n  KEY is not set", "The previous version keeps running.")
	update("porter", collapse, "porter")
	seen.next(t, "porter ended: exit status 3\n  out of memory")
	update("porter", worker, "porter")

	write(t, root, "usher", "package main\n\nfunc main() { sing() }\n")
	if _, _, err := s.Update(t.Context(), "usher", "desk"); err == nil {
		t.Error("Update of what doesn't compile succeeded")
	}
	if got := s.Problems(); len(got) != 1 || !strings.Contains(got["usher"], "undefined: sing") {
		t.Errorf("after usher doesn't compile: %q", got)
	}
	update("usher", function)
	if got := s.Problems(); len(got) != 0 {
		t.Errorf("after all are mended: %q", got)
	}
	denied(t, s, seen)
}

// denied takes permissions away and gives them back: of a queue to receive from the bus and a topic, of the API to
// invoke a function, and of a role.
func denied(t *testing.T, s *stack.Stack, seen told) {
	cfg, names := s.Config(), s.Topology().Names
	queues, usher := sqs.NewFromConfig(cfg), names.Service("usher")
	at, err := queues.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: &usher})
	check(t, err)
	before, err := queues.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{QueueUrl: at.QueueUrl, AttributeNames: []queue.QueueAttributeName{queue.QueueAttributeNamePolicy}})
	check(t, err)
	publish := func(policy string) {
		t.Helper()
		_, err := queues.SetQueueAttributes(t.Context(), &sqs.SetQueueAttributesInput{QueueUrl: at.QueueUrl, Attributes: map[string]string{"Policy": policy}})
		check(t, err)
		_, err = eventbridge.NewFromConfig(cfg).PutEvents(t.Context(), &eventbridge.PutEventsInput{Entries: []types.PutEventsRequestEntry{{
			EventBusName: aws.String(names.Prefix()), Source: aws.String("desk"), DetailType: aws.String("act.ended.v1"),
			Detail: aws.String(`{"metadata": {"id": "1", "type": "act.ended.v1"}, "data": {"actId": "a"}}`),
		}}})
		check(t, err)
		_, err = sns.NewFromConfig(cfg).Publish(t.Context(), &sns.PublishInput{
			TopicArn: aws.String(names.ARN("sns", names.Topic("act.sold.v1"))), Message: aws.String(`{"metadata": {"id": "2", "type": "act.sold.v1"}, "data": {"actId": "a"}}`),
		})
		check(t, err)
	}
	publish("")
	seen.next(t, "usher a message from rule/", "add a statement that allows the principal", "events.amazonaws.com", "sqs:SendMessage")
	seen.next(t, "usher a message from "+names.Topic("act.sold.v1"), "add a statement that allows the principal", "sns.amazonaws.com")
	if got := s.Problems(); strings.Count(got["usher"], "add a statement") != 2 {
		t.Errorf("while usher's queue has no policy: %q", got)
	}
	for mended := false; !mended && t.Context().Err() == nil; mended = len(s.Problems()) == 0 {
		publish(before.Attributes["Policy"]) // the tap tells of a delivery a moment later
	}

	functions, desk := lambda.NewFromConfig(cfg), names.Service("desk")
	policy, err := functions.GetPolicy(t.Context(), &lambda.GetPolicyInput{FunctionName: &desk})
	check(t, err)
	statement := regexp.MustCompile(`"Sid": ?"([^"]+)"`).FindStringSubmatch(*policy.Policy)[1]
	_, err = functions.RemovePermission(t.Context(), &lambda.RemovePermissionInput{FunctionName: &desk, StatementId: &statement})
	check(t, err)
	response, err := http.Get(s.API + "/desk")
	check(t, err)
	check(t, response.Body.Close())
	seen.next(t, "desk a message from ", "the policy of function "+desk+" does not let apigateway.amazonaws.com invoke it", "use AddPermission")

	as, err := s.As(t.Context(), "usher")
	check(t, err)
	if _, err := sqs.NewFromConfig(as).DeleteQueue(t.Context(), &sqs.DeleteQueueInput{QueueUrl: at.QueueUrl}); err == nil {
		t.Error("usher may delete its queue")
	}
	seen.next(t, "usher was denied sqs:DeleteQueue on ", "service.json")
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
