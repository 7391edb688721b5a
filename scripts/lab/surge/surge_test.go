package main

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/cli/clitest"
	"example.com/troupe/scripts/internal/surge"
	"example.com/troupe/scripts/lab/fixture"
	"example.com/troupe/scripts/lab/scale/model"
)

// TestSurge runs small surges with real workers and checks each: without a queue events are refused and lost; with a
// queue all are handled exactly once, and the backlog drains at the worker's rate. One worker has a database and
// receives its events from a topic, the other has a table and receives them from the bus.
func TestSurge(t *testing.T) {
	root := fixture.Tree(t, "observatory", "greeter")
	file := filepath.Join(root, "services", "greeter", "service.json")
	declared, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(declared), `"runtime": "lambda"`, `"runtime": "worker", "rate": 40, "store": "dynamodb"`, 1)
	if err := os.WriteFile(file, []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Chdir(root)
	t.Run("topic and database", func(t *testing.T) {
		r := play(t, "-service", "dome", "-rate", "500", "-capacity", "50")
		if r.Event != "exposure.ordered.v1" || r.Channel != events.SNS || !r.Result.Records {
			t.Errorf("%s over %s, records %t", r.Event, r.Channel, r.Result.Records)
		}
	})
	t.Run("bus and table", func(t *testing.T) {
		r := play(t, "-service", "greeter")
		if r.Event != "observation.completed.v1" || r.Channel != events.EventBridge || r.Result.Records {
			t.Errorf("%s over %s, records %t", r.Event, r.Channel, r.Result.Records)
		}
		if r.Asked.Capacity != 40 || r.Asked.Rate != 800 {
			t.Errorf("asked for %+v, with a rate of 40 in service.json", r.Asked)
		}
	})
}

// play runs one surge and checks it.
func play(t *testing.T, arguments ...string) (r surge.Run) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "surge.svg")
	var out, problems bytes.Buffer
	arguments = append(arguments, "-seconds", "1", "-fast", "-json", "-console", "http://127.0.0.1:1", "-picture", file)
	if code := cli.Run(t.Context(), run, arguments, cli.Terminal{Out: &out, Err: &problems}); code != 0 {
		t.Fatalf("code %d\n%s", code, problems.String())
	}
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	w, q, last, events := r.Result.Webhook, r.Result.Queue, r.Last(), r.Burst.Events()
	if q.Published != events || q.Completed != events || q.Lost != 0 || q.Twice != 0 {
		t.Errorf("through the queue: %+v", q)
	}
	if w.Published != events || w.Lost == 0 || w.Completed == 0 || w.Completed+w.Lost != events || w.Twice != 0 {
		t.Errorf("straight to the worker: %+v", w)
	}
	if last.Arrived != events || last.Queue.Completed != events || last.Webhook.Lost != w.Lost || last.Webhook.Refused < 4*w.Lost {
		t.Errorf("the last sample is %+v", last)
	}
	// A burst that took longer, on a busy machine, leaves a smaller backlog.
	expected := float64(events)/r.Burst.Capacity - r.Result.Seconds
	if q.DrainSeconds < 0.7*expected-1 || q.DrainSeconds > 1.5*expected+3 {
		t.Errorf("the backlog took %.1f s to drain, expected %.1f s", q.DrainSeconds, expected)
	}
	agrees(t, &r)
	for i, s := range r.Samples {
		for name, c := range map[string]surge.Count{"webhook": s.Webhook, "queue": s.Queue} {
			if c.Completed+c.Waiting+c.Lost != s.Arrived || c.Waiting < 0 {
				t.Errorf("sample %d, %s: %+v of %d", i, name, c, s.Arrived)
			}
		}
	}
	if drawn, err := os.ReadFile(file); err != nil || !strings.Contains(string(drawn), "</svg>") {
		t.Errorf("the drawing: %v, %d bytes", err, len(drawn))
	}
	if text := conclusion(&r); !strings.Contains(text, "Straight to "+r.Service) {
		t.Errorf("the conclusion is\n%s", text)
	}
	return r
}

// agrees checks that the model of large loads (make scale) says of this burst what was measured: how long the queue
// becomes, and how long it takes to drain.
func agrees(t *testing.T, r *surge.Run) {
	t.Helper()
	rate := float64(r.Burst.Events()) / r.Result.Seconds // a busy machine takes longer to publish
	flow := model.Flow{
		Services: []model.Service{
			{Name: "source", Functions: 1, Concurrency: 1, MaxReceives: 1},
			{Name: r.Service, Worker: true, Rate: r.Burst.Capacity, Concurrency: 100, MinTasks: 1, MaxTasks: 1, TaskBacklog: math.Inf(1), MaxReceives: 20},
		},
		Steps: []model.Step{
			{Service: 0, Cause: model.Client, Seconds: 0.001},
			{Service: 1, Cause: 0, Channel: r.Channel, Seconds: 0.001},
		},
	}
	const much = 1e9
	said, err := model.Run(flow, model.Limits{Requests: much, RequestBurst: much, Concurrency: much, Scaling: much, Puts: much, Invocations: much, Notices: much},
		model.Load{Rate: rate, Seconds: r.Result.Seconds, Until: 600})
	if err != nil {
		t.Fatal(err)
	}
	measured := 0.0
	for _, s := range r.Samples {
		measured = max(measured, float64(s.Queue.Waiting))
	}
	worker, drain := said.Services[1], r.Result.Queue.DrainSeconds
	if math.Abs(worker.Peak.Waiting-measured) > 0.2*measured+r.Burst.Capacity || math.Abs(said.Lag-drain) > 0.3*drain+2 || !said.Drained {
		t.Errorf("the model says that %.0f wait at most, and that they take %.1f s; measured are %.0f and %.1f s", worker.Peak.Waiting, said.Lag, measured, drain)
	}
}

// TestNothingToFlood checks that a checkout without a rate is reported, and is not a failure.
func TestNothingToFlood(t *testing.T) {
	root := fixture.Tree(t, "greeter")
	if err := os.RemoveAll(filepath.Join(root, "services", "greeter")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(root)
	var out, problems bytes.Buffer
	if code := cli.Run(t.Context(), run, nil, cli.Terminal{Out: &out, Err: &problems}); code != 0 || !strings.Contains(problems.String(), "no service has a rate") || out.Len() > 0 {
		t.Errorf("code %d, %s", code, problems.String())
	}
}

// TestUsage checks that impossible options are refused before anything starts.
func TestUsage(t *testing.T) {
	t.Chdir(fixture.Tree(t, "observatory"))
	call := clitest.Caller(t, run)
	call("-h", 0, "Examples:")
	call("-rate -1", cli.ExitUsage, "-rate is -1")
	call("-capacity -1", cli.ExitUsage, "-capacity is -1")
	call("-seconds x", cli.ExitUsage, "invalid value")
	call("now", cli.ExitUsage, `unexpected argument "now"`)
	call("-rate 1e6 -seconds 1000", cli.ExitUsage, "there must be 1 to")
	call("-rate 1 -seconds 0.1", cli.ExitUsage, "makes 0 events")
	call("-service desk", cli.ExitUsage, "desk is not a service with a rate")
}
