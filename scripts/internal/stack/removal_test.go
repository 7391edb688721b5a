package stack_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/scripts/internal/stack"
)

// function is a Lambda function that answers every request and handles every event; worker is a process that waits
// for SIGTERM.
const (
	function = `package main

import (
	"io"
	"net/http"
	"os"
	"strings"
)

func main() {
	api := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/"
	for {
		next, err := http.Get(api + "next")
		if err != nil {
			os.Exit(1)
		}
		io.Copy(io.Discard, next.Body)
		next.Body.Close()
		done, err := http.Post(api+next.Header.Get("Lambda-Runtime-Aws-Request-Id")+"/response", "application/json", strings.NewReader("{\"statusCode\":200,\"body\":\"here\"}"))
		if err != nil {
			os.Exit(1)
		}
		done.Body.Close()
	}
}
`
	worker = `package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	fmt.Println("{\"msg\":\"ready\"}")
	<-stop
}
`
	subscriptions = `"subscribes": [{"event": "act.ended.v1"}, {"event": "act.sold.v1"}]`
	contract      = `{"x-event": {"type": "act.%[1]s.v1", "producer": "desk", "channel": %[2]q, "subject": "actId"},
 "title": "Act%[3]s", "description": "Act.", "type": "object", "required": ["actId"], "properties": {"actId": {"type": "string"}}}`
)

// theatre writes a small checkout with a worker and three functions; the name of one function is a prefix of
// another's.
func theatre(t *testing.T) (root string) {
	t.Helper()
	root = t.TempDir()
	files := map[string]string{"go.mod": "module theatre\n\ngo 1.26\n"}
	for event, channel := range map[string]string{"ended": "eventbridge", "sold": "sns"} {
		stem := "events/desk/act." + event + ".v1"
		files[stem+".schema.json"] = fmt.Sprintf(contract, event, channel, strings.ToUpper(event[:1])+event[1:])
		files[stem+".example.json"] = `{"actId": "a"}`
	}
	for name, declaration := range map[string]string{
		"desk":      `"runtime": "lambda", "http": ["GET /desk"], "publishes": ["act.ended.v1", "act.sold.v1"]`,
		"usher":     `"runtime": "lambda", "http": ["GET /usher"], "store": "dynamodb", ` + subscriptions,
		"usher-two": `"runtime": "lambda", "http": ["GET /usher-two"], ` + subscriptions,
		"porter":    `"runtime": "worker", "store": "dynamodb", ` + subscriptions,
	} {
		files["services/"+name+"/service.json"] = fmt.Sprintf(`{"name": %q, "description": "A service.", %s}`, name, declaration)
		files["services/"+name+"/main.go"] = function
		if strings.Contains(declaration, "worker") {
			files["services/"+name+"/main.go"] = worker
		}
	}
	for name, text := range files {
		file := filepath.Join(root, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// TestDeletedServices checks that a service whose folder is deleted stops taking part while the others keep running:
// in a running stack, and in the next one with the same data. Its tables stay.
func TestDeletedServices(t *testing.T) {
	root, data := theatre(t), t.TempDir()
	var log bytes.Buffer
	start := func() *stack.Stack {
		s, err := stack.Start(t.Context(), stack.Options{Root: root, Data: data, Log: &log})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := start()
	takesPart(t, s, "desk", "usher", "usher-two", "porter")

	remove(t, root, "porter")
	replaced, removed, err := s.Update(t.Context())
	if err != nil || len(replaced) > 0 || !slices.Equal(removed, []string{"porter"}) {
		t.Errorf("Update: replaced %v, removed %v, %v", replaced, removed, err)
	}
	takesPart(t, s, "desk", "usher", "usher-two")
	remove(t, root, "usher")
	write(t, root, "desk", "package main\n\nfunc main() { sing() }\n") // no reason to keep the deleted one
	if _, removed, err = s.Update(t.Context()); err == nil || !slices.Equal(removed, []string{"usher"}) {
		t.Errorf("Update: removed %v, %v; want usher, and the compiler's error", removed, err)
	}
	write(t, root, "desk", function)
	takesPart(t, s, "desk", "usher-two")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	remove(t, root, "usher-two")
	log.Reset()
	s = start()
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	takesPart(t, s, "desk")
	if want := stack.Removed([]string{"usher-two"}); !strings.Contains(log.String(), want) {
		t.Errorf("the log does not say %q:\n%s", want, &log)
	}
	tables, err := dynamodb.NewFromConfig(s.Config()).ListTables(t.Context(), &dynamodb.ListTablesInput{})
	if err != nil || len(tables.TableNames) != 2 {
		t.Errorf("tables: %v, %v; want those of usher and porter", tables, err)
	}
}

func remove(t *testing.T, root, service string) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(root, "services", service)); err != nil {
		t.Fatal(err)
	}
}

// takesPart checks that exactly these services have functions, queues, rules, subscriptions and routes.
func takesPart(t *testing.T, s *stack.Stack, services ...string) {
	t.Helper()
	names := s.Topology().Names
	var functions, queues, rules, subscribed []string
	for _, service := range services {
		name := names.Service(service)
		if service != "porter" {
			functions = append(functions, name)
		}
		if service != "desk" {
			queues = append(queues, name, name+"-dlq", name+"-undelivered")
			rules = append(rules, names.Rule(service, "act.ended.v1"))
			subscribed = append(subscribed, names.ARN("sqs", name))
		}
	}
	same := func(what string, got, want []string) {
		t.Helper()
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
	}
	cfg := s.Config()
	listed, err := lambda.NewFromConfig(cfg).ListFunctions(t.Context(), &lambda.ListFunctionsInput{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range listed.Functions {
		got = append(got, aws.ToString(f.FunctionName))
	}
	same("functions", got, functions)

	urls, err := sqs.NewFromConfig(cfg).ListQueues(t.Context(), &sqs.ListQueuesInput{})
	if err != nil {
		t.Fatal(err)
	}
	got = nil
	for _, url := range urls.QueueUrls {
		got = append(got, url[strings.LastIndexByte(url, '/')+1:])
	}
	same("queues", got, queues)

	found, err := eventbridge.NewFromConfig(cfg).ListRules(t.Context(), &eventbridge.ListRulesInput{EventBusName: aws.String(names.Prefix())})
	if err != nil {
		t.Fatal(err)
	}
	got = nil
	for _, rule := range found.Rules {
		if aws.ToString(rule.Name) != s.Topology().Journal.Rule && !strings.HasPrefix(aws.ToString(rule.Name), "Events-Archive") {
			got = append(got, aws.ToString(rule.Name))
		}
	}
	same("rules", got, rules)

	topic := names.ARN("sns", names.Topic("act.sold.v1"))
	ends, err := sns.NewFromConfig(cfg).ListSubscriptionsByTopic(t.Context(), &sns.ListSubscriptionsByTopicInput{TopicArn: &topic})
	if err != nil {
		t.Fatal(err)
	}
	got = nil
	for _, subscription := range ends.Subscriptions {
		got = append(got, aws.ToString(subscription.Endpoint))
	}
	same("subscriptions", got, subscribed)

	for _, service := range []string{"desk", "usher", "usher-two"} {
		want := http.StatusNotFound
		if slices.Contains(services, service) {
			want = http.StatusOK
		}
		response, err := http.Get(s.API + "/" + service)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("GET /%s: %d %s, want %d", service, response.StatusCode, body, want)
		}
	}
}

// TestLeftOut leaves a function out of a system with earlier data, and takes it in again: its routes change hands each time.
func TestLeftOut(t *testing.T) {
	root, data := theatre(t), t.TempDir()
	for _, test := range []struct {
		without []string
		status  int
	}{{nil, http.StatusOK}, {[]string{"usher"}, http.StatusBadGateway}, {nil, http.StatusOK}} {
		s, err := stack.Start(t.Context(), stack.Options{Root: root, Data: data, Without: test.without})
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.Get(s.API + "/usher")
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(response.Body.Close(), s.Close()); err != nil {
			t.Error(err)
		}
		if response.StatusCode != test.status {
			t.Errorf("without %v the usher answers %d, want %d", test.without, response.StatusCode, test.status)
		}
	}
	if _, err := stack.Start(t.Context(), stack.Options{Root: root, Without: []string{"ushers"}}); err == nil || !strings.Contains(err.Error(), "did you mean usher?") {
		t.Errorf("without a service that there isn't: %v", err)
	}
}
