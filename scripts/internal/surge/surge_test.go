package surge

import (
	"testing"
	"time"
)

func TestArithmetic(t *testing.T) {
	for name, test := range map[string]struct {
		burst     Burst
		events    int
		backlog   int
		drain     time.Duration
		consumers int // for a minute
	}{
		"the architect's":      {Burst{10_000, 5, 500}, 50_000, 47_500, 95 * time.Second, 2},
		"a long one":           {Burst{10_000, 60, 500}, 600_000, 570_000, 19 * time.Minute, 10},
		"no more than it does": {Burst{500, 5, 500}, 2500, 0, 0, 1},
		"less than it does":    {Burst{100, 5, 500}, 500, 0, 0, 1},
		"just a minute":        {Burst{6500, 5, 500}, 32_500, 30_000, time.Minute, 1},
		"just over a minute":   {Burst{6501, 5, 500}, 32_505, 30_005, 60010 * time.Millisecond, 2},
	} {
		t.Run(name, func(t *testing.T) {
			b := test.burst
			if b.Events() != test.events || b.Backlog(1) != test.backlog || b.Drain(1) != test.drain || b.Consumers(time.Minute) != test.consumers {
				t.Errorf("events %d, backlog %d, drain %s, consumers %d", b.Events(), b.Backlog(1), b.Drain(1), b.Consumers(time.Minute))
			}
			if n := b.Consumers(time.Minute); b.Drain(n) > time.Minute || n > 1 && b.Drain(n-1) <= time.Minute {
				t.Errorf("%d consumers take %s, one fewer %s", n, b.Drain(n), b.Drain(n-1))
			}
		})
	}
}

func TestWithin(t *testing.T) {
	asked := Burst{10_000, 5, 500}
	for reachable, want := range map[float64]Burst{20_000: asked, 10_000: asked, 2000: {2000, 5, 100}, 50: {50, 5, 2.5}} {
		got := asked.Within(reachable)
		if got != want || (got.Drain(1)-asked.Drain(1)).Abs() > time.Second || got.Consumers(time.Minute) != asked.Consumers(time.Minute) {
			t.Errorf("within %g: %+v, drains in %s with %d consumers", reachable, got, got.Drain(1), got.Consumers(time.Minute))
		}
	}
}

func TestAddBoundsARun(t *testing.T) {
	var r Run
	for i := range 10 * mostSamples {
		r.Add(Sample{At: float64(i)})
	}
	if len(r.Samples) > mostSamples || r.Samples[0].At != 0 || r.Last().At < 9*mostSamples {
		t.Errorf("%d samples from %g to %g", len(r.Samples), r.Samples[0].At, r.Last().At)
	}
	for i := range r.Samples[1:] {
		if step := r.Samples[i+1].At - r.Samples[i].At; step != r.Samples[1].At {
			t.Fatalf("sample %d comes %g after the one before, not %g", i+1, step, r.Samples[1].At)
		}
	}
}

func TestRate(t *testing.T) {
	for a, want := range map[float64]string{10_000: "10,000", 7.5: "7.5", 500: "500", 2.0 / 3: "0.667", 160.4: "160"} {
		if got := Rate(a); got != want {
			t.Errorf("%g is %s, want %s", a, got, want)
		}
	}
}
