package cost

import (
	"strings"
	"testing"

	"example.com/troupe/events/manifest"
)

// TestLimits checks the rates at which a flow reaches limits, worked by hand with the quotas of us-east-1.
func TestLimits(t *testing.T) {
	harbour := function("harbour", "lamp.lit.v1")
	harbour.Queue.MaxFunctions = 4
	buoy := worker("buoy", "fog.seen.v1")
	buoy.Rate = 50
	m := model(t, function("lighthouse"), harbour, buoy)
	m.Environment.Access.RequestsPerSecond = new(300.0)
	u := &Usage{Deliveries: 3, Services: map[string]*Used{
		"lighthouse": used(map[string]float64{"api-request": 2}, 2, 75, "events PutEvents"),                                        // 175 ms of two invocations
		"harbour":    used(map[string]float64{"dynamodb-write": 8}, 2, 40, "dynamodb TransactWriteItems", "dynamodb BatchGetItem"), // 100 ms
		"buoy":       {Units: map[string]float64{"sns-publish": 1}, Calls: map[string]float64{}, Messages: 2, StepMS: 2},
	}}
	u.Services["harbour"].HotKey, u.Services["harbour"].HotWrites = "doc#berths", 4
	want := map[string]float64{
		"4 tasks (max_tasks)":           100,         // four tasks of 50 messages a second, of which an execution has two
		"300 requests a second (acce":   150,         // two requests
		"1,000 write units a second of": 250,         // four of one key
		"4,000 write units a second, b": 500,         // eight of the table
		"4 invocations at a time (max":  400,         // 100 ms, ten messages at a time: 10 ms of an invocation
		"1,000 invocations at a time":   1000 / .275, // 275 ms of functions
		"10 invocations a second for":   10_000 / 4.0,
		"40,000 write units a second":   5000,
		"10,000 requests a second":      5000,
		"18,750 deliveries of rules":    6250,
		"10,000 PutEvents calls":        10_000,
		"30,000 messages a second":      30_000,
		"1,250 invocations at a time":   125_000,
		"6 CPUs of tasks":               600, // a quarter CPU does 25 executions a second
		"120,000 messages received":     1.2e6,
	}
	limits := m.Limits(u)
	for _, l := range limits {
		text := Figure(l.Value) + " " + l.Name
		for name, rate := range want {
			if strings.HasPrefix(text, name) && l.Where != "buoy" || strings.HasPrefix(text, name) && l.Own {
				delete(want, name)
				if !near(l.Rate, rate) {
					t.Errorf("%s of %s: reached at %g a second, want %g", text, l.Where, l.Rate, rate)
				}
			}
		}
	}
	if len(want) > 0 || limits[0].Where != "buoy" || !limits[0].Own {
		t.Errorf("missing %v; the first is %+v", want, limits[0])
	}
}

// TestWorkflow checks what a flow of three steps costs as a workflow, at a dollar a million of anything.
func TestWorkflow(t *testing.T) {
	m := model(t, function("lighthouse"), function("harbour", "lamp.lit.v1"))
	u := &Usage{Services: map[string]*Used{
		"lighthouse": used(map[string]float64{"api-request": 1, "event": 1}, 1, 100),
		"harbour":    used(map[string]float64{"sqs-request": 3}, 2, 30),
	}}
	w := m.Workflow(u)
	const M = 1e-6
	compute := 0.16 * 0.5 * 0.01                                            // 160 ms at half a GB, at a cent
	if kept := (1+3)*M + compute; !near(w.Kept, kept) || w.States != 1+3 || // a request and three invocations
		!near(w.Replaced, 4*M) || !near(w.Standard, 4*M) || // an event and three requests to SQS; four transitions
		!near(w.Express, M+0.2*64/1024*0.01) || !w.Fits { // 160 ms are two steps of 100
		t.Errorf("%+v", w)
	}
	u.Services["harbour"].InvocationMS = 301_000
	if m.Workflow(u).Fits {
		t.Error("Express allows more than five minutes")
	}
}

// TestRuntimes checks what keeps a service from the other runtime, and what the two cost.
func TestRuntimes(t *testing.T) {
	lighthouse, buoy := function("lighthouse"), worker("buoy", "fog.seen.v1")
	lighthouse.HTTP, buoy.Store = []string{"POST /lamps"}, manifest.SQL
	m := model(t, lighthouse, buoy)
	of := &Used{Units: map[string]float64{}, Calls: map[string]float64{}, Messages: 1, StepMS: 9}
	c := m.Compare("buoy", of, 100)
	// As a function: four further pollers, 525,600 polls; 100 a second for a month, each an invocation of 10 ms (one beside its
	// step) at half a GB. As a worker: 9 ms of a quarter CPU allow 27.8 a second, so four tasks of $12.775.
	lambda := 0.5256 + 100*seconds*(1e-6+0.01*0.5*0.01)
	if !near(c.Lambda, lambda) || c.Tasks != 4 || !near(c.Worker, 4*12.775) || !strings.Contains(c.Note, "database") {
		t.Errorf("%+v, want $%.2f as a function", c, lambda)
	}
	if c := m.Compare("lighthouse", used(nil, 1, 10), 1); !strings.Contains(c.Note, "HTTP") {
		t.Errorf("%+v", c)
	}
}
