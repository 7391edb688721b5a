package cost

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
)

// near reports whether two sums are the same but for rounding.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b)) }

// model returns a model of services with round prices, so that a bill can be worked by hand: a million of any request
// costs a dollar, a GB-second a cent, anything by the hour a cent, and anything else a dollar.
func model(t *testing.T, services ...*manifest.Manifest) *Model {
	t.Helper()
	prices, err := PricesOf("us-east-1")
	if err != nil {
		t.Fatal(err)
	}
	for id, price := range prices.byID {
		price.USD = 1
		if id == "lambda-compute" || id == "sfn-compute" || id == "fargate-cpu" || id == "fargate-memory" || id == "address" || id == "db.t4g.micro" {
			price.USD = 0.01
		}
		prices.byID[id] = price
	}
	quotas, err := QuotasOf("us-east-1")
	if err != nil {
		t.Fatal(err)
	}
	return &Model{
		Prices: prices, Quotas: quotas, Environment: &Environment{Name: "test"}, Manifests: services,
		Channels: map[string]events.Channel{"lamp.lit.v1": events.EventBridge, "fog.seen.v1": events.SNS, "lamp.checked.v1": events.Queue},
	}
}

func function(name string, subscribes ...string) *manifest.Manifest {
	m := &manifest.Manifest{Name: name, Runtime: manifest.Lambda, MemoryMB: 512, Queue: manifest.Queue{Concurrency: 10, Batch: 10}}
	for _, event := range subscribes {
		m.Subscribes = append(m.Subscribes, manifest.Subscription{Event: event})
	}
	return m
}

func worker(name string, subscribes ...string) *manifest.Manifest {
	m := function(name, subscribes...)
	m.Runtime = manifest.Worker
	return m
}

// used returns what a function used: its units, and invocations of a duration in milliseconds.
func used(units map[string]float64, invocations, ms float64, calls ...string) *Used {
	u := &Used{Function: invocations > 0, Units: units, Calls: map[string]float64{}, Invocations: invocations, InvocationMS: invocations * ms, Messages: invocations, StepMS: invocations * ms}
	for _, call := range calls {
		u.Calls[call]++
	}
	return u
}

// TestBills checks bills that were worked by hand.
func TestBills(t *testing.T) {
	const M = 1e-6
	for _, c := range []struct {
		name     string
		services []*manifest.Manifest
		usage    Usage
		want     float64
	}{
		{
			// A request that a function answers after it has published an event: it runs 75 ms, and waits 25 ms for PutEvents.
			//   request 1, event 1, invocation 1                                        3 millionths
			//   0.1 s at half a GB: 0.05 GB-seconds at a cent                           500 millionths
			"a request", []*manifest.Manifest{function("lighthouse")},
			Usage{Services: map[string]*Used{"lighthouse": used(map[string]float64{"api-request": 1, "event": 1}, 1, 75, "events PutEvents")}},
			503 * M,
		},
		{
			// An event from outside to two functions: each has a delivery, a receive and a delete; each reads two items and commits two
			// in a transaction, which counts twice. They run 5 ms, and wait 5 ms for BatchGetItem and 15 ms for the transaction.
			//   event 1                                                                 1
			//   of each: SQS 3, invocation 1, reads 2, writes 4: 10                     20
			//   of each: 0.025 s at half a GB: 0.0125 GB-seconds at a cent: 125         250
			"an event for two", []*manifest.Manifest{function("harbour", "lamp.lit.v1"), function("pilot", "lamp.lit.v1")},
			Usage{Deliveries: 3, Services: map[string]*Used{
				Shared:    {Units: map[string]float64{"event": 1}},
				"harbour": used(map[string]float64{"sqs-request": 3, "dynamodb-read": 2, "dynamodb-write": 4}, 1, 5, "dynamodb BatchGetItem", "dynamodb TransactWriteItems", "sqs SendMessage"+Delivered),
				"pilot":   used(map[string]float64{"sqs-request": 3, "dynamodb-read": 2, "dynamodb-write": 4}, 1, 5, "dynamodb BatchGetItem", "dynamodb TransactWriteItems"),
			}},
			271 * M,
		},
		{
			// A message of a topic to a worker, which logs a thousandth of a GB. Its tasks are in no bill of an execution.
			//   publish 1, SQS 3                                                        4
			//   0.001 GB of logs at a dollar, and kept for 30 days of a month of 30.4375  1000 + 985.626
			"a topic to a worker", []*manifest.Manifest{worker("buoy", "fog.seen.v1")},
			Usage{Services: map[string]*Used{"buoy": {Units: map[string]float64{"sns-publish": 1, "sqs-request": 3, "logs": 0.001}, Calls: map[string]float64{}, Messages: 1, StepMS: 8}}},
			(1004 + 1000*30/30.4375) * M,
		},
	} {
		m := model(t, c.services...)
		if got := Sum(m.Variable(&c.usage)); !near(got, c.want) {
			t.Errorf("%s: %.9f, want %.9f: %+v", c.name, got, c.want, m.Variable(&c.usage))
		}
	}
}

// TestIdle checks what an environment costs idle against a count by hand of what terraform/ creates for it.
func TestIdle(t *testing.T) {
	buoy := worker("buoy", "fog.seen.v1", "lamp.checked.v1")
	buoy.Store, buoy.Secrets = manifest.SQL, map[string]string{"KEY": ""}
	lighthouse := function("lighthouse")
	lighthouse.HTTP = []string{"POST /lamps"}
	m := model(t, function("harbour", "lamp.lit.v1", "fog.seen.v1"), lighthouse, buoy)
	for _, c := range []struct {
		name    string
		change  func(*Environment)
		want    float64
		missing int // in no sum
	}{
		// Alarms: harbour 2 of queues, 2 metrics of what waits, 2 of what is lost, 2 of the function: 8. lighthouse 2, the API 1.
		// buoy 2, 2, 1 (a reminder isn't subscribed to), no task 1, scaling 4, storage and credits 2: 12.       23
		// Insights 30, dashboard 1, the secret and the database's password 2                                  33
		// Pollers: 5 of harbour and 1 of buoy, every 20 s for 730 hours: 788,400 requests                       0.7884
		// buoy's task: a quarter CPU and half a GB (512 MB), and an address, 730 hours at a cent               12.775
		// its database: 730 hours at a cent, and 20 GB at a dollar                                             27.3
		{"dev", func(*Environment) {}, 23 + 33 + 0.7884 + 12.775 + 27.3, 0},
		{"protected: the database has a standby", func(e *Environment) { e.Protection.Enabled = true }, 23 + 33 + 0.7884 + 12.775 + 2*27.3, 0},
		{"an address for alarms: a key", func(e *Environment) { e.AlarmEmail = new("ops@example.com") }, 24 + 33 + 0.7884 + 12.775 + 27.3, 0},
		{"two tasks, without addresses", func(e *Environment) {
			e.Overrides = map[string]Override{"buoy": {MinTasks: new(2.0)}}
			e.Network.PublicIP = new(false)
		}, 23 + 33 + 0.7884 + 0.1314 + 2*5.475 + 27.3, 1},
		{"a class that has no price", func(e *Environment) { e.Database.Class = new("db.m7g.large") }, 22 + 33 + 0.7884 + 12.775 + 20, 1},
	} {
		m.Environment = &Environment{}
		c.change(m.Environment)
		if got := Sum(m.Idle()); !near(got, c.want) {
			t.Errorf("%s: %.4f, want %.4f: %+v", c.name, got, c.want, m.Idle())
		}
		if missing := m.Unpriced(); len(missing) != c.missing {
			t.Errorf("%s: %v is in no sum, want %d", c.name, missing, c.missing)
		}
	}
}

// TestPublishedExamples checks the rounding against what AWS's own pages work out.
func TestPublishedExamples(t *testing.T) {
	// aws.amazon.com/lambda/pricing, "Example 1: Mobile application backend": three million requests of 120 ms at 1536 MB are
	// 540,000 GB-seconds; less 400,000 that are free, at $0.0000166667 (x86), $2.33; less a million requests, $0.40.
	m := model(t, function("food"))
	m.Manifests[0].MemoryMB = 1536
	lines := m.invocations("food", used(nil, 3e6, 120))
	if requests, compute := lines[0].Units, lines[1].Units; requests != 3e6 || !near(compute, 540_000) || math.Round((compute-400_000)*0.0000166667*100) != 233 {
		t.Errorf("Lambda: %g requests and %g GB-seconds", requests, compute)
	}
	// aws.amazon.com/eventbridge/pricing: "Each 64 KB chunk of a payload is billed as one event (for example, an event with a 256
	// KB payload is billed as 4 events)". docs.aws.amazon.com/apigateway: an HTTP API meters 512 KB; 513 KB are two requests.
	for _, c := range []struct {
		kilobytes, chunk int
		want             float64
	}{{256, Chunk, 4}, {64, Chunk, 1}, {65, Chunk, 2}, {0, Chunk, 1}, {512, RequestChunk, 1}, {513, RequestChunk, 2}} {
		if got := Chunks(c.kilobytes<<10, c.chunk); got != c.want {
			t.Errorf("%d KB are %g chunks, want %g", c.kilobytes, got, c.want)
		}
	}
}

// random returns a usage of a function that answers requests, one with a queue, and a worker.
func random(r *rand.Rand) *Usage {
	u := &Usage{Deliveries: r.Float64() * 9}
	for _, name := range []string{"lighthouse", "harbour", "buoy"} {
		of := u.Of(name)
		for _, id := range []string{"api-request", "event", "sqs-request", "sns-publish", "dynamodb-read", "dynamodb-write", "logs", "archive"} {
			of.Units[id] = r.Float64() * 20
		}
		for _, latency := range Latencies {
			of.Calls[latency.Call+"x"] = float64(r.IntN(4))
		}
		of.Messages, of.StepMS = float64(1+r.IntN(5)), r.Float64()*300
		if of.Function = name != "buoy"; of.Function {
			of.Invocations, of.InvocationMS = of.Messages, of.StepMS
		}
	}
	return u
}

// TestProperties checks what must hold for any usage: twice the executions cost twice as much beside what is idle, nothing
// is negative, and limits are in order.
func TestProperties(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		u, rate := random(r), math.Pow(10, r.Float64()*5-1)
		m := model(t, function("lighthouse"), function("harbour", "lamp.lit.v1"), worker("buoy", "fog.seen.v1"))
		idle := Sum(m.Idle())
		m.Environment.Overrides = map[string]Override{"buoy": {MinTasks: new(1.0)}}
		tasks := (m.tasks("buoy", u.Services["buoy"], rate) - 1) * m.task("buoy")
		twice := (m.tasks("buoy", u.Services["buoy"], 2*rate) - 1) * m.task("buoy")
		if one, two := m.Month(u, rate)-idle-tasks, m.Month(u, 2*rate)-idle-twice; !near(2*one, two) {
			t.Fatalf("seed %d: %g a month at a rate of %g, and %g at twice", seed, one, rate, two)
		}
		for _, line := range append(m.Variable(u), m.Idle()...) {
			if line.USD < 0 || math.IsNaN(line.USD) {
				t.Fatalf("seed %d: %+v", seed, line)
			}
		}
		limits := m.Limits(u)
		for i, l := range limits {
			if l.Rate <= 0 || i > 0 && l.Rate < limits[i-1].Rate || !near(l.Rate*l.Each, l.Value) {
				t.Fatalf("seed %d: %+v", seed, l)
			}
		}
	}
}

// TestCrossing checks that a function is cheaper just below the rate at which the runtimes cross, and not above; and
// where they never cross, at no rate at all.
func TestCrossing(t *testing.T) {
	crossed, never := 0, 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 2))
		m := model(t, function("harbour", "lamp.lit.v1"))
		m.Manifests[0].Rate = math.Pow(10, 4*r.Float64()-3) // some tasks hardly do anything
		m.Environment.Overrides = map[string]Override{"harbour": {MinTasks: new(float64(1 + r.IntN(4)))}}
		u := random(r).Services["harbour"]
		at := func(rate float64) bool { // a worker costs no more
			c := m.Compare("harbour", u, rate)
			return c.Worker <= c.Lambda*(1+1e-12)
		}
		crosses := m.Compare("harbour", u, 1).Crosses
		if crosses == nil {
			never++
			for rate := 0.01; rate < 1e5; rate *= 1.3 {
				if at(rate) {
					t.Fatalf("seed %d: they never cross, and a worker is cheaper at %g", seed, rate)
				}
			}
			continue
		}
		crossed++
		if below := *crosses * 0.999; *crosses > 0 && at(below) || !at(*crosses*1.000001) {
			t.Fatalf("seed %d: they cross at %g: at %g %t, after it %t", seed, *crosses, below, at(below), at(*crosses*1.000001))
		}
	}
	if crossed == 0 || never == 0 {
		t.Errorf("%d cross and %d never do: the test has one side only", crossed, never)
	}
}

func ExampleDollars() {
	fmt.Println(Dollars(0.0123), Dollars(0), Dollars(3.456), Dollars(12345.6))
	// Output: $0.012 $0.00 $3.46 $12,346
}
