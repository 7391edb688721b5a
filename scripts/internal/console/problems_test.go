package console_test

import (
	"testing"

	"example.com/troupe/scripts/internal/console"
)

// TestProblems checks that the console lists the services that don't run, and an empty list if it isn't told.
func TestProblems(t *testing.T) {
	t.Parallel()
	type problem struct{ Service, Problem string }
	p := play(t, func(o *console.Options) {
		o.Problems = func() map[string]string {
			return map[string]string{"lighthouse": "exit status 1", "harbour": "no such table"}
		}
	})
	var listed []problem
	p.ask("GET", "/api/problems", "", &listed)
	if len(listed) != 2 || listed[0] != (problem{"harbour", "no such table"}) || listed[1].Service != "lighthouse" {
		t.Errorf("the problems are %+v", listed)
	}
	p = play(t, nil)
	if p.ask("GET", "/api/problems", "", &listed); listed == nil || len(listed) > 0 {
		t.Errorf("the problems are %+v", listed)
	}
}
