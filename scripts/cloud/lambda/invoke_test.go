package lambda_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	awslambda "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"example.com/localcloud/tap"
)

func TestInvoke(t *testing.T) {
	t.Parallel() // one of the cases hangs
	w := newWorld(t)
	w.create(t, func(in *awslambda.CreateFunctionInput) { in.Timeout = aws.Int32(5) })
	tests := []struct{ name, payload, fails, says string }{
		{"a response", `{"Do": "echo", "Text": "é"}`, "", `^"é"$`},
		{"nothing", `{}`, "", `^null$`},
		{"an error", `{"Do": "fail", "Text": "no"}`, "Unhandled", `"errorMessage":"no","errorType":"errorString"`},
		{"a panic", `{"Do": "panic", "Text": "oh"}`, "Unhandled", `"errorMessage":"oh"`},
		{"after the panic", `{"Do": "echo", "Text": "again"}`, "", `again`},
		{"a child that outlives its parent", `{"Do": "child"}`, "", `"Pid":[0-9]+`},
		{"an exit", `{"Do": "exit", "N": 3}`, "Unhandled", `RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3","errorType":"Runtime.ExitError"`},
		{"an exit without a reason", `{"Do": "exit"}`, "Unhandled", `Runtime exited without providing a reason`},
		{"a time-out", `{"Do": "hang"}`, "Unhandled", `Task timed out after 5.00 seconds","errorType":"Sandbox.Timedout"`},
		{"after the time-out", `{"Do": "echo", "Text": "again"}`, "", `again`},
		{"a large response", `{"Do": "large", "N": 6000000}`, "", `^"x{1000}`},
		{"one that is too large", `{"Do": "large", "N": 6291456}`, "Unhandled", `Function.ResponseSizeTooLarge`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			out := w.invoke(t, test.payload)
			if got := aws.ToString(out.FunctionError); got != test.fails {
				t.Errorf("FunctionError is %q, want %q", got, test.fails)
			}
			if !regexp.MustCompile(test.says).Match(out.Payload) {
				t.Errorf("the payload is %.300s, want %s", out.Payload, test.says)
			}
		})
	}
}

func TestInvokeRefuses(t *testing.T) {
	w := newWorld(t)
	w.create(t)
	tests := []struct {
		name, code string
		in         awslambda.InvokeInput
	}{
		{"an unknown function", "ResourceNotFoundException", awslambda.InvokeInput{FunctionName: aws.String("other")}},
		{"a version", "ResourceNotFoundException", awslambda.InvokeInput{FunctionName: aws.String("jobs"), Qualifier: aws.String("7")}},
		{"a type", "InvalidParameterValueException", awslambda.InvokeInput{FunctionName: aws.String("jobs"), InvocationType: "Sometimes"}},
		{"no JSON", "InvalidRequestContentException", awslambda.InvokeInput{FunctionName: aws.String("jobs"), Payload: []byte("{")}},
		{"7 MB", "RequestTooLargeException", awslambda.InvokeInput{FunctionName: aws.String("jobs"), Payload: fmt.Appendf(nil, "%q", strings.Repeat("x", 7<<20))}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := w.lambda.Invoke(t.Context(), &test.in)
			wantCode(t, err, test.code)
		})
	}
	dry := must(w.lambda.Invoke(t.Context(), &awslambda.InvokeInput{FunctionName: aws.String("jobs"), InvocationType: types.InvocationTypeDryRun}))(t)
	if dry.StatusCode != http.StatusNoContent {
		t.Errorf("a dry run returns status %d", dry.StatusCode)
	}
}

func TestContextOfInvocation(t *testing.T) {
	w := newWorld(t)
	w.create(t)
	var got []any
	if err := json.Unmarshal(w.invoke(t, `{"Do": "context"}`).Payload, &got); err != nil {
		t.Fatal(err)
	}
	if len(got[0].(string)) != 36 || got[1] != functionA || got[2].(float64) < 1e12 {
		t.Errorf("the function received %v", got)
	}
}

func TestLogs(t *testing.T) {
	w := newWorld(t)
	w.create(t)
	first := w.invoke(t, `{"Do": "print", "Text": "one\ntwo"}`)
	tail, _ := base64.StdEncoding.DecodeString(*first.LogResult)
	want := regexp.MustCompile(`^START RequestId: (\S+) Version: \$LATEST\none\ntwo\nEND RequestId: \S+\n` +
		`REPORT RequestId: \S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms\n$`)
	if !want.Match(tail) {
		t.Errorf("the tail is\n%s\nwant\n%s", tail, want)
	}
	second, _ := base64.StdEncoding.DecodeString(*w.invoke(t, `{"Do": "exit", "N": 1}`).LogResult)
	if text := string(second); strings.Contains(text, "two") || strings.Contains(text, "Init") || !strings.Contains(text, "Status: error\tError Type: Runtime.ExitError") {
		t.Errorf("the second tail is\n%s", text)
	}
	client := cloudwatchlogs.New(cloudwatchlogs.Options{Region: "us-east-1", BaseEndpoint: &w.Endpoint, Credentials: keys})
	events := must(client.FilterLogEvents(t.Context(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("/aws/lambda/jobs"), FilterPattern: aws.String("two")}))(t)
	if len(events.Events) != 1 || *events.Events[0].Message != "two" || !strings.Contains(*events.Events[0].LogStreamName, "[$LATEST]") {
		t.Errorf("the log group holds %+v", events.Events)
	}
}

func TestInitFails(t *testing.T) {
	w := newWorld(t)
	w.create(t, func(in *awslambda.CreateFunctionInput) {
		in.Environment = &types.Environment{Variables: map[string]string{"INIT": "exit"}}
	})
	out := w.invoke(t, `{}`)
	tail, _ := base64.StdEncoding.DecodeString(*out.LogResult)
	if !strings.Contains(string(out.Payload), "exit status 4") || !strings.Contains(string(tail), "this is how it begins") {
		t.Errorf("got %s, and the log\n%s", out.Payload, tail)
	}
}

func TestInitTimesOut(t *testing.T) {
	t.Parallel() // it takes the ten seconds that a function has to start
	w := newWorld(t)
	w.create(t, func(in *awslambda.CreateFunctionInput) {
		in.Environment = &types.Environment{Variables: map[string]string{"INIT": "hang"}}
	})
	began := time.Now()
	out := w.invoke(t, `{}`)
	tail, _ := base64.StdEncoding.DecodeString(*out.LogResult)
	if took := time.Since(began); took < 10*time.Second || aws.ToString(out.FunctionError) != "Unhandled" ||
		!strings.Contains(string(out.Payload), "Sandbox.Timedout") || !strings.Contains(string(tail), "Status: timeout") {
		t.Errorf("after %v: %s, and the log\n%s", took, out.Payload, tail)
	}
}

// gate is a server at which functions wait until they are let through.
type gate struct {
	*httptest.Server
	arrived chan struct{}
	open    chan struct{}
	once    sync.Once
}

func newGate(t *testing.T) *gate {
	g := &gate{arrived: make(chan struct{}, 100), open: make(chan struct{})}
	g.Server = httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		g.arrived <- struct{}{}
		<-g.open
	}))
	t.Cleanup(func() { g.let(); g.Close() })
	return g
}

func (g *gate) let() { g.once.Do(func() { close(g.open) }) }

// start invokes "jobs" n times concurrently. The returned function returns the processes once all have ended.
func (g *gate) start(w *world, t *testing.T, n int) func() map[int]bool {
	var running sync.WaitGroup
	pids := make(chan int, n)
	for range n {
		running.Go(func() {
			var pid int
			_ = json.Unmarshal(w.invoke(t, `{"Do": "get", "Text": "`+g.URL+`"}`).Payload, &pid)
			pids <- pid
		})
	}
	for range n {
		<-g.arrived
	}
	return func() map[int]bool {
		running.Wait()
		seen := map[int]bool{}
		for range n {
			seen[<-pids] = true
		}
		return seen
	}
}

func TestProcessesAreReusedOneInvocationAtATime(t *testing.T) {
	w, g := newWorld(t), newGate(t)
	w.create(t)
	first := w.pid(t)
	if again := w.pid(t); again != first {
		t.Errorf("an idle process is %d, and yet the next invocation ran in %d", first, again)
	}
	end := g.start(w, t, 3)
	g.let()
	if pids := end(); len(pids) != 3 || !pids[first] {
		t.Errorf("three invocations at once ran in %v, want three processes, among them the idle %d", pids, first)
	}
	if err := syscall.Kill(first, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if out := w.invoke(t, `{"Do": "echo"}`); out.FunctionError != nil && !strings.Contains(string(out.Payload), "killed") {
			t.Errorf("a process that is killed while idle costs %s", out.Payload)
		}
	}
}

func TestUpdateLetsInvocationsFinish(t *testing.T) {
	w, g := newWorld(t), newGate(t)
	w.create(t)
	idle := w.pid(t)
	end := g.start(w, t, 1)
	must(w.lambda.UpdateFunctionCode(t.Context(), &awslambda.UpdateFunctionCodeInput{FunctionName: aws.String("jobs"), ZipFile: code(t)}))(t)
	fresh := w.pid(t)
	g.let()
	if old := end(); len(old) != 1 || old[fresh] || !old[idle] {
		t.Errorf("the invocation under way ran in %v, want the old process %d, and not the new %d", old, idle, fresh)
	}
	if again := w.pid(t); again != fresh {
		t.Errorf("after the update an invocation ran in %d, want %d", again, fresh)
	}
}

func TestReservedConcurrency(t *testing.T) {
	w, g, ctx := newWorld(t), newGate(t), t.Context()
	w.create(t)
	name := aws.String("jobs")
	must(w.lambda.PutFunctionConcurrency(ctx, &awslambda.PutFunctionConcurrencyInput{FunctionName: name, ReservedConcurrentExecutions: aws.Int32(1)}))(t)
	end := g.start(w, t, 1)
	_, err := w.lambda.Invoke(ctx, &awslambda.InvokeInput{FunctionName: name})
	wantCode(t, err, "TooManyRequestsException")
	got := must(w.lambda.GetFunctionConcurrency(ctx, &awslambda.GetFunctionConcurrencyInput{FunctionName: name}))(t)
	if *got.ReservedConcurrentExecutions != 1 {
		t.Errorf("the reservation is %d", *got.ReservedConcurrentExecutions)
	}
	must(w.lambda.DeleteFunctionConcurrency(ctx, &awslambda.DeleteFunctionConcurrencyInput{FunctionName: name}))(t)
	w.invoke(t, `{}`)
	g.let()
	end()
}

// TestWarm starts functions without an invocation. The tap tells which of them can't start, and why.
func TestWarm(t *testing.T) {
	w := newWorld(t)
	w.create(t)
	hops := w.Tap.Listen(100)
	defer hops.Close()
	if _, err := w.Lambda.Warm("jobs"); err != nil {
		t.Fatal(err)
	}
	if hop := <-hops.C; hop.Kind != tap.Started || hop.Resource != functionA {
		t.Errorf("the first hop is %+v, want that the function started", hop)
	}
	w.invoke(t, `{"Do": "echo"}`)
	for hop := range hops.C {
		if hop.Kind == tap.Started {
			t.Error("the invocation started an environment, though one was idle")
		}
		if hop.Kind == tap.Returned {
			break
		}
	}
	must(w.lambda.UpdateFunctionConfiguration(t.Context(), &awslambda.UpdateFunctionConfigurationInput{
		FunctionName: aws.String("jobs"), Environment: &types.Environment{Variables: map[string]string{"INIT": "exit"}},
	}))(t)
	log, err := w.Lambda.Warm("jobs")
	if err == nil || !strings.Contains(err.Error(), "exit status 4") || string(log) != "this is how it begins\n" {
		t.Errorf("Warm of a function that exits: %v, and its log %q", err, log)
	}
	for hop := range hops.C {
		if hop.Kind == tap.NotStarted {
			if hop.Note != err.Error() || !bytes.Equal(hop.Body, log) {
				t.Errorf("the tap tells %+v, want the error %v and the log", hop, err)
			}
			break
		}
	}
}
