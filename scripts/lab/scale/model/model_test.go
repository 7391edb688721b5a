package model

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"example.com/troupe/events"
)

// plenty are limits that no load of these tests reaches.
var plenty = Limits{
	Requests: 1e6, RequestBurst: 1e6, Concurrency: 1e6, Scaling: 1e6, FirstPollers: 1e6, Polling: 1e6,
	Puts: 1e6, Invocations: 1e6, Notices: 1e6, Writes: 1e6,
}

// near reports whether two numbers differ by less than a part of the second, or a tick's worth.
func near(got, want, part float64) bool { return math.Abs(got-want) <= part*math.Abs(want)+1e-6 }

// door answers requests and publishes one event each; the worker handles it.
func door(worker Service) Flow {
	return Flow{
		Services: []Service{{Name: "door", Functions: 1, Concurrency: 1, MaxReceives: 20}, worker},
		Steps: []Step{
			{Service: 0, Trigger: "POST /calls", Cause: Client, Seconds: 0.05, Facts: 1, Puts: 1},
			{Service: 1, Trigger: "call.made.v1", Cause: 0, Channel: events.EventBridge, Seconds: 0.05},
		},
	}
}

func worker(rate, tasks float64) Service {
	return Service{Name: "desk", Worker: true, Rate: rate, Concurrency: 1e4, MinTasks: tasks, MaxTasks: tasks, TaskBacklog: math.Inf(1), MaxReceives: 20}
}

// TestByHand compares runs with what follows from their numbers.
func TestByHand(t *testing.T) {
	for name, c := range map[string]struct {
		flow    Flow
		limits  func(*Limits)
		load    Load
		refused float64
		peak    float64 // of the last service's queue
		seconds float64
	}{
		// (10,000 - 500) × 5 = 47,500 wait; 50,000 take 100 s at 500 a second.
		"a worker of 500 a second gets 10,000": {door(worker(500, 1)), nil, Load{10_000, 5, 1e4}, 0, 47_500, 100},
		"two tasks of it":                      {door(worker(500, 2)), nil, Load{10_000, 5, 1e4}, 0, 45_000, 50},
		// 10 instances × 10 messages ÷ 0.05 s = 2,000 a second.
		"ten functions of ten messages": {
			door(Service{Name: "desk", Functions: 10, Concurrency: 10, MaxReceives: 20}), nil, Load{10_000, 5, 1e4}, 0, 40_000, 25,
		},
		// A burst of 5,000 and 5 × 10,000 pass of 75,000, but for the last tick's 1,000.
		"API Gateway's quota": {
			door(worker(1e5, 1)), func(l *Limits) { l.Requests, l.RequestBurst = 10_000, 5_000 }, Load{15_000, 5, 1e4}, 21_000, math.NaN(), 5.2,
		},
		// 100 instances ÷ 0.05 s = 2,000 a second.
		"Lambda's concurrency": {door(worker(1e5, 1)), func(l *Limits) { l.Concurrency = 100 }, Load{3_000, 10, 1e4}, 10_000, math.NaN(), 10.2},
		"PutEvents' quota":     {door(worker(1e5, 1)), func(l *Limits) { l.Puts = 600 }, Load{1_000, 10, 1e4}, 4_000, math.NaN(), 10.2},
		// 1,000 a second are published, and each is delivered twice: to the queue and to the log.
		"EventBridge's deliveries": {door(worker(1e5, 1)), func(l *Limits) { l.Invocations = 1_000 }, Load{1_000, 10, 1e4}, 0, math.NaN(), 20},
	} {
		t.Run(name, func(t *testing.T) {
			limits := plenty
			if c.limits != nil {
				c.limits(&limits)
			}
			r, err := Run(c.flow, limits, c.load)
			if err != nil {
				t.Fatal(err)
			}
			last := r.Services[len(r.Services)-1]
			if !near(r.Refused.Sum(), c.refused, 0.01) || !math.IsNaN(c.peak) && !near(last.Peak.Waiting, c.peak, 0.01) || math.Abs(r.Seconds-c.seconds) > 0.3 || !r.Drained {
				t.Errorf("refused %.0f, at most %.0f waiting, %.1f s, drained %t; want %.0f, %.0f, %.1f s", r.Refused.Sum(), last.Peak.Waiting, r.Seconds, r.Drained, c.refused, c.peak, c.seconds)
			}
			if r.Arrived-r.Refused.Sum()-last.Handled > 1 {
				t.Errorf("%.0f arrived, %.0f were refused, %.0f were handled", r.Arrived, r.Refused.Sum(), last.Handled)
			}
		})
	}
}

// TestThrottled checks that attempts are counted by what refused them: of 1,000 a second the table admits 500, PutEvents
// 400 of these, and SNS two fifths.
func TestThrottled(t *testing.T) {
	f := door(worker(1e5, 1))
	f.Services[0].Table, f.Steps[0].Writes, f.Steps[0].Notices = true, 2, 1
	limits := plenty
	limits.Writes, limits.Puts, limits.Notices = 1_000, 400, 200
	r, err := Run(f, limits, Load{1_000, 60, 1e4})
	if err != nil {
		t.Fatal(err)
	}
	got := r.Services[0].Throttled
	for what, n := range map[string][2]float64{
		"table":  {got.Table, 30_000},
		"bus":    {got.Bus, 6_000},
		"topics": {got.Topics, 14_400},
		"all":    {got.Sum(), r.Refused.Throttled},
	} {
		if math.Abs(n[0]-n[1]) > 0.03*n[1] {
			t.Errorf("%s: %.0f, want about %.0f", what, n[0], n[1])
		}
	}
}

// TestTables checks that a throttled table sends messages back, and in the end to the dead-letter queue.
func TestTables(t *testing.T) {
	f := door(Service{Name: "desk", Functions: 100, Concurrency: 10, MaxReceives: 20, Table: true})
	f.Steps[1].Writes = 4
	limits := plenty
	limits.Writes = 2_000 // 500 messages a second
	r, err := Run(f, limits, Load{1_000, 60, 1e4})
	if err != nil {
		t.Fatal(err)
	}
	desk := r.Services[1]
	if desk.DeadLetters != 0 || !r.Drained || desk.Throttled.Table < 30_000 || r.Seconds < 119 {
		t.Errorf("%.0f dead letters, %.0f failed attempts, %.0f s, drained %t; want none lost by 120 s at least", desk.DeadLetters, desk.Throttled.Table, r.Seconds, r.Drained)
	}
	f.Services[1].MaxReceives = 2
	if r, err = Run(f, limits, Load{1_000, 60, 1e4}); err != nil {
		t.Fatal(err)
	}
	if desk = r.Services[1]; desk.DeadLetters < 5_000 || !near(desk.Handled+desk.DeadLetters, 60_000, 0.001) {
		t.Errorf("with two receives %.0f are handled and %.0f dead-lettered of 60,000", desk.Handled, desk.DeadLetters)
	}
}

// TestReminder checks that a reminder is delivered when it is due, and isn't late before.
func TestReminder(t *testing.T) {
	f := door(worker(1e5, 1))
	f.Steps[1].Channel, f.Steps[1].Delay = events.Queue, 600
	r, err := Run(f, plenty, Load{100, 1, 1e4})
	if err != nil {
		t.Fatal(err)
	}
	if desk := r.Services[1]; math.Abs(r.Seconds-601) > 0.5 || desk.Peak.Oldest > 0.2 || !near(desk.Handled, 100, 0.001) {
		t.Errorf("%.1f s, %.1f s old, %.0f handled", r.Seconds, desk.Peak.Oldest, desk.Handled)
	}
}

// TestScaling checks that tasks are added when the backlog is too long, and not at once.
func TestScaling(t *testing.T) {
	w := worker(100, 1)
	w.MaxTasks, w.TaskBacklog = 4, 6_000
	r, err := Run(door(w), plenty, Load{1_000, 60, 1e4})
	if err != nil {
		t.Fatal(err)
	}
	// One task until 3 + 1 minutes after the backlog has become too long (6.7 s): 24,667 of 60,000 are handled; four do
	// the rest in 88 s.
	if desk := r.Services[1]; desk.Concurrency != 4 || math.Abs(r.Seconds-335) > 5 {
		t.Errorf("%.0f tasks, %.0f s", desk.Concurrency, r.Seconds)
	}
}

// TestConservation checks for random flows, limits and loads that every request is accounted for: refused, or handled
// by every step that it causes, dead-lettered on the way, or waiting.
func TestConservation(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		f, limits := random(r)
		load := Load{Rate: 10 + r.Float64()*2_000, Seconds: 1 + r.Float64()*20, Until: 300}
		got, err := Run(f, limits, load)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		accepted := got.Arrived - got.Refused.Sum()
		var handled, dead, left float64
		for _, s := range got.Services {
			handled, dead, left = handled+s.Handled, dead+s.DeadLetters, left+s.Left
			if s.Handled < 0 || s.DeadLetters < 0 || s.Left < 0 || s.Peak.Waiting < s.Left-1 {
				t.Errorf("seed %d: %+v", seed, s)
			}
		}
		// A chain: whoever is handled at one step comes to the next.
		expected := accepted*float64(len(f.Steps)) - dead // each dead letter and waiting message skips its step and those after it
		if handled > expected+1 || dead+left == 0 && got.Drained && !near(handled, expected, 1e-3) {
			t.Errorf("seed %d: %.1f handled, expected %.1f, %.1f dead, %.1f left", seed, handled, expected, dead, left)
		}
		if got.Drained && left > 1 || !near(got.Arrived, load.Rate*math.Ceil(load.Seconds/Tick-0.5)*Tick, 0.01) {
			t.Errorf("seed %d: %.1f left when drained, %.1f arrived of %.1f", seed, left, got.Arrived, load.Rate*load.Seconds)
		}
	}
}

// random returns a chain of services with limits that may be short.
func random(r *rand.Rand) (Flow, Limits) {
	f := Flow{}
	channels := []events.Channel{events.EventBridge, events.SNS, events.Queue}
	for i := range 2 + r.IntN(4) {
		s := Service{Name: "s", Functions: 1 + float64(r.IntN(20)), Concurrency: 1 + float64(r.IntN(10)), MaxReceives: 1 + r.IntN(20), Table: r.IntN(2) == 0}
		step := Step{Service: i, Cause: i - 1, Seconds: 0.01 + r.Float64()*0.2, Writes: float64(r.IntN(5)), Facts: 1, Puts: 1}
		if i > 0 {
			step.Channel = channels[r.IntN(3)]
			if s.Worker = r.IntN(2) == 0; s.Worker {
				s.Rate, s.MinTasks, s.MaxTasks, s.TaskBacklog = r.Float64()*500, 1, 4, 100
			}
		}
		f.Services, f.Steps = append(f.Services, s), append(f.Steps, step)
	}
	some := func(most float64) float64 { return most * (0.05 + r.Float64()) }
	return f, Limits{
		Requests: some(2_000), RequestBurst: some(1_000), Concurrency: some(200), Scaling: some(100), FirstPollers: 5, Polling: 5,
		Puts: some(3_000), Invocations: some(5_000), Notices: some(2_000), Writes: some(5_000),
	}
}

// TestRaise checks that what Raise grants is enough, and that Needs finds what is short: with less of it, something is
// refused or waits.
func TestRaise(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 2))
		f, limits := random(r)
		const rate = 1_000
		f2, l2 := Raise(f, limits, rate)
		for _, n := range Needs(f2, l2, rate) {
			if n.Short() {
				t.Errorf("seed %d: %s is short after it was raised: %+v", seed, n.Kind, n)
			}
		}
		l2.Scaling, l2.Polling, l2.FirstPollers = 1e6, 1e6, 1e6 // this is about limits, not about growing
		got, err := Run(f2, l2, Load{rate, 20, 300})
		if err != nil {
			t.Fatal(err)
		}
		if got.Refused.Sum() > 1 || !got.Drained || got.Lag > 3 {
			t.Errorf("seed %d: %.1f refused, drained %t, %.1f s later: %+v %+v", seed, got.Refused.Sum(), got.Drained, got.Lag, Needs(f2, l2, rate), f2)
		}
		short := false
		for _, n := range Needs(f, limits, rate) {
			short = short || n.Needs > n.Has*1.1
		}
		limits.Scaling, limits.Polling, limits.FirstPollers = 1e6, 1e6, 1e6
		got, err = Run(f, limits, Load{rate, 60, 100})
		if err != nil {
			t.Fatal(err)
		}
		if short && got.Refused.Sum() < 1 && got.Lag < 3 && got.Services[len(got.Services)-1].DeadLetters == 0 {
			t.Errorf("seed %d: nothing happened, though something is short: %+v", seed, Needs(f, limits, rate))
		}
	}
}

func TestCheck(t *testing.T) {
	good := door(worker(1, 1))
	for name, c := range map[string]struct {
		change func(*Flow)
		says   string
	}{
		"no such service":      {func(f *Flow) { f.Steps[1].Service = 2 }, "there is no service 2"},
		"an effect before":     {func(f *Flow) { f.Steps[1].Cause = 1 }, "does not come before it"},
		"no time":              {func(f *Flow) { f.Steps[1].Seconds = 0 }, "takes 0 seconds"},
		"a request of workers": {func(f *Flow) { f.Steps[1].Channel = "" }, "requests reach functions only"},
		"no tasks":             {func(f *Flow) { f.Services[1].MinTasks = 0 }, "service desk"},
	} {
		f := Flow{Services: append([]Service(nil), good.Services...), Steps: append([]Step(nil), good.Steps...)}
		c.change(&f)
		if _, err := Run(f, plenty, Load{1, 1, 1}); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v; want %q", name, err, c.says)
		}
	}
}
