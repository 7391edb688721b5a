package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"example.com/localcloud"
	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/fixture"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/target"
	"example.com/troupe/scripts/internal/topology"
	"example.com/troupe/scripts/internal/wiring"
)

// fake is the fixture as if deployed: everything exists in a local cloud except the services, which the test
// imitates.
type fake struct {
	*testing.T
	*deployment
	out    bytes.Buffer
	at     *target.Target
	logs   *cloudwatchlogs.Client
	answer func(w http.ResponseWriter, r *http.Request) // replaces the services
	mu     sync.Mutex                                   // one request at a time
	asked  []*http.Request
}

func newFake(t *testing.T) *fake {
	t.Helper()
	root := fixture.Root(t)
	declared, err := stack.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	server, err := cloud.Start(cloud.Options{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	wirer := wiring.New(endpoint.At(server.Endpoint))
	wirer.WorkersOnly = true
	wired, err := declared.Topology(topology.Names{Project: stack.Project, Env: stack.Env, Region: endpoint.Region, Account: "000000000000"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := wirer.Wire(t.Context(), wired); err != nil {
		t.Fatal(err)
	}
	at, err := target.Local(t.Context(), declared, server.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	r := &fake{T: t, at: at, logs: cloudwatchlogs.NewFromConfig(at.Config)}
	api := httptest.NewServer(r)
	t.Cleanup(api.Close)
	at.API = api.URL + "/"
	r.deployment = &deployment{root: root, declared: declared, Terminal: cli.Terminal{Out: &r.out}}
	return r
}

// ServeHTTP imitates the lighthouse's API: it lights lamps, and logs what the services then do.
func (r *fake) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked = append(r.asked, request)
	if r.answer != nil {
		r.answer(w, request)
		return
	}
	r.light(w, request, events.Handled)
}

func (r *fake) light(w http.ResponseWriter, request *http.Request, harbour events.Outcome) {
	correlation := request.Header.Get("X-Correlation-Id")
	w.Header().Set("X-Correlation-Id", correlation)
	if request.Method == http.MethodPost {
		r.log("lighthouse", "http", correlation, events.Handled)
		r.log("harbour", "lamp.lit.v1", correlation, harbour)
		r.log("harbour", "lamp.lit.v1", "of somebody else", events.Handled)
		w.WriteHeader(http.StatusAccepted)
	}
	_, _ = io.WriteString(w, `{"lampId": "lamp-1", "state": "lit"}`)
}

// log writes a step as a service does.
func (r *fake) log(service, eventType, correlation string, outcome events.Outcome) {
	line, err := json.Marshal(map[string]any{"msg": events.StepMessage, "step": events.Step{
		Service: service, Handler: service + "'s handler", EventType: eventType, CorrelationID: correlation, Outcome: outcome, StartedAt: time.Now(), Attempt: 1,
	}})
	if err != nil {
		r.Error(err)
	}
	for _, group := range r.at.LogGroups {
		if !strings.HasSuffix(group, service) {
			continue
		}
		stream := events.NewID()
		if _, err := r.logs.CreateLogStream(context.Background(), &cloudwatchlogs.CreateLogStreamInput{LogGroupName: &group, LogStreamName: &stream}); err != nil {
			r.Error(err)
		}
		if _, err := r.logs.PutLogEvents(context.Background(), &cloudwatchlogs.PutLogEventsInput{
			LogGroupName: &group, LogStreamName: &stream,
			LogEvents: []types.InputLogEvent{{Message: aws.String(string(line)), Timestamp: aws.Int64(time.Now().UnixMilli())}},
		}); err != nil {
			r.Error(err)
		}
		return
	}
	r.Errorf("%s has no log group in %v", service, r.at.LogGroups)
}

// smokes chooses a story and plays it.
func (r *fake) smokes(patience time.Duration) error {
	r.Helper()
	if err := r.chooseStory(); err != nil {
		r.Fatal(err)
	}
	return r.smoke(r.Context(), r.at, pace{patience: patience, every: 5 * time.Millisecond})
}

// TestSmoke plays the first demo story that can be played on AWS, and follows it in the services' logs.
func TestSmoke(t *testing.T) {
	r := newFake(t)
	t.Setenv("API_TOKEN", "token")
	if err := r.smokes(time.Minute); err != nil {
		t.Fatalf("%v, after:\n%s", err, &r.out)
	}
	for _, want := range []string{"playing the story demo/lit: A lamp that is lit", "lighthouse's handler", "harbour's handler", "The story ended in "} {
		if strings.Count(r.out.String(), want) != 1 {
			t.Errorf("the output must contain %q once:\n%s", want, &r.out)
		}
	}
	if sent := r.asked[0].Header.Get("Authorization"); sent != "Bearer token" {
		t.Errorf("the request was sent with %q", sent)
	}
}

// TestSmokeWaitsForTheAPI checks that requests are repeated with the same idempotency key while the API is not
// available everywhere.
func TestSmokeWaitsForTheAPI(t *testing.T) {
	r := newFake(t)
	r.answer = func(w http.ResponseWriter, request *http.Request) {
		switch len(r.asked) {
		case 1:
			w.WriteHeader(http.StatusNotFound)
		case 2:
			w.WriteHeader(http.StatusInternalServerError)
		case 3:
			panic(http.ErrAbortHandler) // closes the connection
		default:
			r.light(w, request, events.Handled)
		}
	}
	if err := r.smokes(time.Minute); err != nil {
		t.Fatalf("%v, after:\n%s", err, &r.out)
	}
	key := r.asked[0].Header.Get("Idempotency-Key")
	if again := r.asked[3].Header.Get("Idempotency-Key"); key == "" || again != key {
		t.Errorf("the same request was sent with the idempotency keys %q and %q", key, again)
	}
}

// TestSmokeFails checks that the error names the line of the story and what to do.
func TestSmokeFails(t *testing.T) {
	const story = "smoke test: services/stories/demo/lit.txtar:"
	for name, test := range map[string]struct {
		answer func(*fake, http.ResponseWriter, *http.Request)
		want   []string
		asked  int
	}{
		"dead-lettered": {func(r *fake, w http.ResponseWriter, request *http.Request) {
			r.light(w, request, events.DeadLettered)
		},
			[]string{story + "5: saw harbour lamp.lit.v1", "lamp.lit.v1 dead-lettered", "logs and dead-letter queues"}, 2},
		"no token": {func(_ *fake, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) },
			[]string{story + "3: status 202", "status 401", "set API_TOKEN, or use -no-smoke"}, 1},
		"forbidden": {func(_ *fake, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) },
			[]string{"status 403", "set API_TOKEN, or use -no-smoke"}, 1},
		"refused": {func(_ *fake, w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "too dark", http.StatusBadRequest)
		},
			[]string{story + "3: status 202", "status 400: too dark"}, 1},
		"not found by the service": {func(_ *fake, w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Correlation-Id", "c")
			w.WriteHeader(http.StatusNotFound)
		}, []string{story + "3: status 202", "status 404"}, 1},
		"broken": {func(_ *fake, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
			[]string{story + "3: status 202", "status 502"}, entranceTries},
	} {
		t.Run(name, func(t *testing.T) {
			r := newFake(t)
			r.answer = func(w http.ResponseWriter, request *http.Request) { test.answer(r, w, request) }
			err := r.smokes(300 * time.Millisecond)
			for _, want := range test.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("error = %v\nwant it to contain %q", err, want)
				}
			}
			if len(r.asked) != test.asked {
				t.Errorf("the API was asked %d times, not %d", len(r.asked), test.asked)
			}
		})
	}
}

// TestSmokeNeedsLogs checks that the test fails at once if it can't read the logs.
func TestSmokeNeedsLogs(t *testing.T) {
	r := newFake(t)
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Amzn-ErrorType", "AccessDeniedException")
		w.WriteHeader(http.StatusBadRequest)
	}))
	defer elsewhere.Close()
	r.answer = func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, `{"lampId": "lamp-1", "state": "dark"}`)
	}
	r.at.Config = endpoint.At(elsewhere.URL)
	if err := r.smokes(time.Hour); err == nil || !strings.Contains(err.Error(), "read the logs of ") || !strings.Contains(err.Error(), "AccessDenied") {
		t.Errorf("error = %v", err)
	}
}

func TestChooseStory(t *testing.T) {
	root := fixture.Root(t)
	declared, err := stack.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(root, "services/stories", name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("unknown.txtar", "publish ship.sunk.v1\n")
	write("demo/a-setting.txtar", "config harbour BERTHS=1\npublish lamp.lit.v1\n")
	for _, c := range []struct{ named, chosen, says string }{
		{"", "demo/lit", ""},
		{"demo/lit", "demo/lit", ""},
		{"lit", "demo/lit", ""},
		{"docked", "docked", ""},
		{"nosuch", "", "there is no story nosuch in services/stories that can be played on AWS: one of [demo/lit docked unknown]"},
		{"demo/only-here", "", "there is no story demo/only-here in services/stories that can be played on AWS"},
		{"demo/a-setting", "", "there is no story demo/a-setting in services/stories that can be played on AWS"},
		{"unknown", "", `services/stories/unknown.txtar:1: publish ship.sunk.v1: there is no event "ship.sunk.v1"`},
	} {
		d := &deployment{options: options{story: c.named}, root: root, declared: declared}
		err := d.chooseStory()
		switch {
		case c.says == "" && (err != nil || d.smokeStory.Name != c.chosen):
			t.Errorf("%q: chose %+v, %v", c.named, d.smokeStory, err)
		case c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)):
			t.Errorf("%q: error = %v, want it to contain %q", c.named, err, c.says)
		}
	}
	if err := os.RemoveAll(filepath.Join(root, "services/stories/demo")); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	d := &deployment{root: root, declared: declared, Terminal: cli.Terminal{Out: &out}}
	if err := d.chooseStory(); err != nil {
		t.Error(err)
	}
	if err := d.smoke(t.Context(), nil, usualPace); err != nil || !strings.Contains(out.String(), "No smoke test: there is no story in services/stories/demo") {
		t.Errorf("without stories: %v, after %s", err, &out)
	}
	write("docked.txtar", "nosuchverb\n")
	if err := d.chooseStory(); err == nil || !strings.Contains(fmt.Sprint(err), "services/stories/docked.txtar:1") {
		t.Errorf("a story that can't be read: %v", err)
	}
}
