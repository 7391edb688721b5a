package console_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"example.com/localcloud"
	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/console"
	"example.com/troupe/scripts/internal/console/record"
	"example.com/troupe/scripts/internal/console/source"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/fixture"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/target"
	"example.com/troupe/scripts/internal/topology"
	"example.com/troupe/scripts/internal/wiring"
)

// playing is a console for a local cloud in which no service runs, so published events wait in the queues.
type playing struct {
	t      testing.TB
	root   string // root of its checkout
	cloud  *cloud.Server
	target *target.Target
	source *source.Local
	wired  *topology.Topology
	*console.Console
}

func play(t testing.TB, change func(*console.Options)) *playing {
	t.Helper()
	server, err := cloud.Start(cloud.Options{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { end(t, server) })
	root := fixture.Root(t)
	declared, err := stack.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	wired, err := declared.Topology(topology.Names{Project: stack.Project, Env: stack.Env, Region: "us-east-1", Account: "000000000000"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	wirer := wiring.New(endpoint.At(server.Endpoint))
	wirer.WorkersOnly = true
	if _, err := wirer.Bus(t.Context(), wired.Bus); err != nil {
		t.Fatal(err)
	}
	if _, err := wirer.Wire(t.Context(), wired, declared.Services()...); err != nil {
		t.Fatal(err)
	}
	p := &playing{t: t, root: root, cloud: server, wired: wired, source: source.NewLocal(server.Tap, wired)}
	if p.target, err = target.Local(t.Context(), declared, server.Endpoint); err != nil {
		t.Fatal(err)
	}
	options := console.Options{
		Addr: "127.0.0.1:0", Env: "local", Declared: declared, Target: p.target, Source: p.source,
		Write: true, Payloads: console.Traced(wired), Queues: 100 * time.Millisecond,
	}
	if change != nil {
		change(&options)
	}
	if p.Console, err = console.Start(options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { end(t, p.Console) })
	return p
}

func end(t testing.TB, c io.Closer) {
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

// ask makes a request and decodes the response.
func (p *playing) ask(method, path, body string, document any, headers ...string) (status int) {
	p.t.Helper()
	request, err := http.NewRequestWithContext(p.t.Context(), method, p.URL+path, bytes.NewReader([]byte(body)))
	if err != nil {
		p.t.Fatal(err)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	if host := request.Header.Get("Host"); host != "" {
		request.Host = host
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	if document != nil {
		if err := json.Unmarshal(content, document); err != nil {
			p.t.Fatalf("%s %s: %v\n%s", method, path, err, content)
		}
	}
	return response.StatusCode
}

// TestGuard checks that the console responds to its own page and to no other.
func TestGuard(t *testing.T) {
	t.Parallel()
	p := play(t, nil)
	port := p.URL[strings.LastIndex(p.URL, ":"):]
	for _, test := range []struct {
		name, method, path, body string
		headers                  []string
		want                     int
	}{
		{"its own page", "GET", "/api/map", "", []string{"Sec-Fetch-Site", "same-origin"}, 200},
		{"curl", "GET", "/api/map", "", nil, 200},
		{"by another of its names", "GET", "/api/map", "", []string{"Host", "localhost" + port}, 200},
		{"a name that leads here by somebody's DNS", "GET", "/api/map", "", []string{"Host", "evil.example" + port}, 421},
		{"its address with another port", "GET", "/api/map", "", []string{"Host", "127.0.0.1:1"}, 421},
		{"another site's script", "GET", "/api/map", "", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"}, 403},
		{"a page on another port of this machine", "GET", "/api/map", "", []string{"Sec-Fetch-Site", "same-site", "Sec-Fetch-Mode", "cors"}, 403},
		{"a link from another site", "GET", "/executions", "", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"}, 200},
		{"another site's form", "POST", "/api/events/lamp.lit.v1", "{}", []string{"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate"}, 403},
		{"another origin, of an old browser", "POST", "/api/events/lamp.lit.v1", "{}", []string{"Origin", "http://evil.example"}, 403},
		{"a form, which isn't JSON", "POST", "/api/events/lamp.lit.v1", "{}", []string{"Content-Type", "text/plain"}, 415},
		{"nothing there", "GET", "/api/nothing", "", nil, 404},
	} {
		if got := p.ask(test.method, test.path, test.body, nil, test.headers...); got != test.want {
			t.Errorf("%s: status %d, want %d", test.name, got, test.want)
		}
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	p := play(t, nil)
	response, err := http.Get(p.URL + "/assets/main.js")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	for name, want := range map[string]string{
		"Content-Type": "text/javascript", "Content-Security-Policy": "script-src 'self'", "X-Content-Type-Options": "nosniff", "ETag": `"`,
	} {
		if got := response.Header.Get(name); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q in it", name, got, want)
		}
	}
	if got := p.ask("GET", "/assets/main.js", "", nil, "If-None-Match", response.Header.Get("ETag")); got != http.StatusNotModified {
		t.Errorf("a file that the browser has: status %d, want 304", got)
	}
}

// refusal is a problem document.
type refusal struct {
	Detail     string
	Violations []struct{ Place, Expected string }
}

func TestPublish(t *testing.T) {
	t.Parallel()
	p := play(t, nil)
	var refused refusal
	if got := p.ask("POST", "/api/events/lamp.lit.v1", `{"candelas": 0}`, &refused); got != http.StatusUnprocessableEntity {
		t.Errorf("status %d, want 422", got)
	}
	places := map[string]string{}
	for _, v := range refused.Violations {
		places[v.Place] = v.Expected
	}
	if places["/candelas"] != "at least 1" || places["/lampId"] != "given" {
		t.Errorf("refused for %v", places)
	}
	if got := p.ask("POST", "/api/events/no.such.v1", `{}`, &refused); got != http.StatusNotFound || !strings.Contains(refused.Detail, "lamp.lit.v1") {
		t.Errorf("an unknown event: status %d, %s", got, refused.Detail)
	}
	var example json.RawMessage
	p.ask("GET", "/api/events/lamp.lit.v1/example", "", &example)
	var begun struct{ Execution, Subject string }
	if got := p.ask("POST", "/api/events/lamp.lit.v1", string(example), &begun); got != http.StatusAccepted || begun.Execution == "" {
		t.Fatalf("status %d, %+v", got, begun)
	}
	e := p.execution(begun.Execution, func(e record.Execution) bool { return len(e.Events) == 1 && len(e.Events[0].Parts) == 1 })
	if e.State != record.Running || e.Subject != begun.Subject {
		t.Errorf("it is %s, of %s", e.State, e.Subject)
	}
}

// execution waits until an execution meets a condition.
func (p *playing) execution(id string, as func(record.Execution) bool) (e record.Execution) {
	p.t.Helper()
	until := time.After(10 * time.Second)
	for {
		if p.ask("GET", "/api/executions/"+id, "", &e) == http.StatusOK && as(e) {
			return e
		}
		select {
		case <-until:
			p.t.Fatalf("execution %s is %+v", id, e)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func TestReadOnly(t *testing.T) {
	t.Parallel()
	p := play(t, func(o *console.Options) { o.Write = false })
	for _, path := range []string{"/api/events/lamp.lit.v1", "/api/requests", "/api/dead-letters/harbour/dead", "/api/replay"} {
		if got := p.ask("POST", path, "{}", nil); got != http.StatusForbidden {
			t.Errorf("POST %s: status %d, want 403", path, got)
		}
	}
	var queues []struct{ Service string }
	if p.ask("GET", "/api/queues", "", &queues); len(queues) != 3 {
		t.Errorf("%d queues, want 3", len(queues))
	}
}

// letter is a dead letter as the console shows it.
type letter struct {
	ID, EventID, Execution, Type, Error string
	Why                                 map[string]string
	Body                                json.RawMessage
}

func TestDeadLetters(t *testing.T) {
	t.Parallel()
	p := play(t, nil)
	client := sqs.NewFromConfig(p.target.Config)
	queues := p.target.Queues["harbour"]
	body := `{"metadata": {"id": "e", "type": "lamp.lit.v1", "correlationId": "c"}, "data": {}}`
	reason := map[string]types.MessageAttributeValue{"reason": {DataType: aws.String("String"), StringValue: aws.String("bad-contract")}}
	for _, url := range []string{queues.DeadLetter, queues.Undelivered} {
		if _, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: &body, MessageAttributes: reason}); err != nil {
			t.Fatal(err)
		}
	}
	for _, queue := range []string{"dead", "undelivered"} {
		path := "/api/dead-letters/harbour/" + queue
		for range 2 { // looking must not remove it
			var letters []letter
			p.ask("GET", path, "", &letters)
			if len(letters) != 1 || letters[0].Execution != "c" || letters[0].Why["reason"] != "bad-contract" || letters[0].Body == nil {
				t.Fatalf("%s holds %+v", queue, letters)
			}
		}
		if got := p.ask("POST", path, "{}", nil); got != http.StatusAccepted {
			t.Errorf("redrive of %s: status %d", queue, got)
		}
		out, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &queues.Main, WaitTimeSeconds: 10})
		if err != nil || len(out.Messages) != 1 || aws.ToString(out.Messages[0].Body) != body {
			t.Fatalf("after the redrive of %s: %+v, %v", queue, out, err)
		}
		if _, err := client.DeleteMessage(t.Context(), &sqs.DeleteMessageInput{QueueUrl: &queues.Main, ReceiptHandle: out.Messages[0].ReceiptHandle}); err != nil {
			t.Fatal(err)
		}
	}
	if got := p.ask("GET", "/api/dead-letters/harbour/main", "", nil); got != http.StatusNotFound {
		t.Errorf("a queue that is none of these: status %d", got)
	}
}

// TestRedriveSome redrives one message, and those with a reason, and checks that SQS's "too many receives" is explained by
// the service's last attempt.
func TestRedriveSome(t *testing.T) {
	t.Parallel()
	p := play(t, nil)
	client := sqs.NewFromConfig(p.target.Config)
	queues := p.target.Queues["harbour"]
	for i, reason := range []string{"fog", "fog", "storm"} {
		_, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{
			QueueUrl: &queues.DeadLetter, MessageBody: aws.String(`{"metadata": {"id": "e-` + strconv.Itoa(i) + `", "type": "lamp.lit.v1", "correlationId": "c"}, "data": {}}`),
			MessageAttributes: map[string]types.MessageAttributeValue{"reason": {DataType: aws.String("String"), StringValue: &reason}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	p.source.Step(events.Step{Service: "harbour", EventID: "e-2", EventType: "lamp.lit.v1", CorrelationID: "c", StartedAt: time.Now(), Outcome: events.Retried, Error: "too dark"})
	p.execution("c", func(e record.Execution) bool { return e.Steps == 1 })

	const path = "/api/dead-letters/harbour/dead"
	listed := func() (found map[string]letter) {
		var letters []letter
		p.ask("GET", path, "", &letters)
		found = map[string]letter{}
		for _, l := range letters {
			found[l.EventID] = l
		}
		return found
	}
	letters := listed()
	if letters["e-2"].Error != "too dark" || letters["e-0"].Error != "" {
		t.Errorf("the errors are %q and %q", letters["e-2"].Error, letters["e-0"].Error)
	}
	for _, body := range []string{`{"id": "nothing"}`, `{"reason": "snow"}`, `{"id": "` + letters["e-0"].ID + `", "reason": "storm"}`} {
		if got := p.ask("POST", path, body, nil); got != http.StatusNotFound {
			t.Errorf("redrive %s: status %d, want 404", body, got)
		}
	}
	if got := p.ask("POST", path, `{"id": "`+letters["e-1"].ID+`"}`, nil); got != http.StatusAccepted {
		t.Errorf("redrive one: status %d", got)
	}
	if left := listed(); len(left) != 2 || left["e-1"].ID != "" {
		t.Errorf("after one was redriven, there are %v", left)
	}
	if got := p.ask("POST", path, `{"reason": "fog"}`, nil); got != http.StatusAccepted {
		t.Errorf("redrive a reason: status %d", got)
	}
	if left := listed(); len(left) != 1 || left["e-2"].ID == "" {
		t.Errorf("after a reason was redriven, there are %v", left)
	}
}

// TestStream checks that changes arrive, and that frames dropped for a slow browser are counted.
func TestStream(t *testing.T) {
	t.Parallel()
	p := play(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL+"/api/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() && lines.Text() != "event: hello" {
	}
	sent := time.Now()
	p.source.Step(events.Step{Service: "harbour", EventID: "e", EventType: "lamp.lit.v1", CorrelationID: "c", StartedAt: sent, Outcome: events.Handled})
	for lines.Scan() {
		data, is := strings.CutPrefix(lines.Text(), "data: ")
		if !is || !strings.Contains(data, `"c"`) {
			continue
		}
		var frame struct {
			Executions []record.Summary
			Pulses     []struct {
				Type, Service string
				Count         int
			}
		}
		if err := json.Unmarshal([]byte(data), &frame); err != nil {
			t.Fatal(err)
		}
		if len(frame.Executions) != 1 || frame.Executions[0].ID != "c" || frame.Pulses[0].Service != "harbour" || frame.Pulses[0].Count != 1 {
			t.Errorf("the frame is %s", data)
		}
		t.Logf("seen after %v", time.Since(sent))
		return
	}
	t.Fatal(lines.Err())
}
