package unit

import (
	"testing"
	"time"

	"example.com/troupe/events"
)

// TestColdStart: a message waited for the start of a process only as long as both went on.
func TestColdStart(t *testing.T) {
	after := func(ms int) time.Time { return begun.Add(time.Duration(ms) * time.Millisecond) }
	for _, c := range []struct {
		name                 string
		ready, start, waited int // milliseconds; the first two since the process began
		want                 float64
	}{
		{"it was there before the process", 80, 90, 500, 80},
		{"it came while the process started", 80, 90, 30, 20},
		{"the process was ready before", 80, 9000, 10, 0},
		{"a request, which has not waited", 80, 90, 0, 0},
	} {
		step := &events.Step{StartedAt: after(c.start), WaitedMS: float64(c.waited)}
		if got := coldStart(step, after(c.ready)); got != c.want {
			t.Errorf("%s: %g ms, want %g", c.name, got, c.want)
		}
	}
}
