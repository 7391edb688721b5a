package console_test

import (
	"testing"

	"example.com/localcloud/faults"
	"example.com/troupe/scripts/internal/console"
	"example.com/troupe/scripts/internal/inject"
)

func TestFaults(t *testing.T) {
	t.Parallel()
	p := play(t, func(o *console.Options) { o.Faults = inject.New(o.Target.Config) })
	type view struct {
		Available bool
		Kinds     map[string][]faults.Kind
		Faults    []struct {
			ID, Service, What string
			Strikes           int
		}
	}
	for body, want := range map[string]int{
		`{"service": "harbour", "kind": "fail", "called": "sqs", "rate": 0.5}`: 202,
		`{"service": "harbour", "kind": "fail", "rate": 5}`:                    422,
		`{"service": "pilot", "kind": "crash"}`:                                422,
		`{"service": "lighthouse", "kind": "duplicate"}`:                       422,
		`{"service": "nobody", "kind": "fail"}`:                                404,
		`nonsense`:                                                             400,
	} {
		if status := p.ask("POST", "/api/faults", body, nil); status != want {
			t.Errorf("%s: status %d, want %d", body, status, want)
		}
	}
	var now view
	if p.ask("GET", "/api/faults", "", &now); !now.Available || len(now.Faults) != 1 || len(now.Kinds["harbour"]) != 6 || len(now.Kinds["lighthouse"]) != 5 {
		t.Fatalf("the faults are %+v", now)
	}
	if f := now.Faults[0]; f.ID != "harbour-fail-sqs" || f.Service != "harbour" || f.What != "50 % of the calls of harbour to sqs fail with InternalFailure" {
		t.Errorf("the fault is %+v", f)
	}
	for _, want := range []int{202, 422} { // it no longer exists the second time
		if status := p.ask("POST", "/api/faults/harbour-fail-sqs/off", "{}", nil); status != want {
			t.Errorf("removing it: status %d, want %d", status, want)
		}
	}
}

// TestNoFaults checks that without a local cloud no faults are offered or accepted.
func TestNoFaults(t *testing.T) {
	t.Parallel()
	p := play(t, nil)
	var now struct {
		Available bool
		Faults    []any
	}
	if status := p.ask("GET", "/api/faults", "", &now); status != 200 || now.Available || now.Faults == nil {
		t.Errorf("status %d, %+v", status, now)
	}
	for _, path := range []string{"/api/faults", "/api/faults/x/off"} {
		if status := p.ask("POST", path, `{}`, nil); status != 404 {
			t.Errorf("POST %s: status %d, want 404", path, status)
		}
	}
}
