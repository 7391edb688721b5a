package tower

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/services/kit/unit"
)

// Logbook keeps the lines of the log.
type Logbook struct {
	mu    sync.Mutex
	lines bytes.Buffer
}

// Write adds to the log.
func (l *Logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lines.Write(p)
}

// CaptureLog sends the log to a logbook until the test ends.
func CaptureLog(t testing.TB) *Logbook {
	before, l := slog.Default(), &Logbook{}
	slog.SetDefault(unit.NewLogger(l, "tower", "test", nil))
	t.Cleanup(func() { slog.SetDefault(before) })
	return l
}

// Text returns the log.
func (l *Logbook) Text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lines.String()
}

// Steps returns the steps that were logged.
func (l *Logbook) Steps(t testing.TB) []events.Step { return StepsIn(t, l.Text()) }

// StepsIn returns the steps in a log.
func StepsIn(t testing.TB, log string) (steps []events.Step) {
	t.Helper()
	for line := range strings.Lines(log) {
		var record struct {
			Message string `json:"msg"`
			Step    *events.Step
		}
		if err := json.Unmarshal([]byte(line), &record); err != nil {
			t.Fatalf("a log line is not JSON: %v: %s", err, line)
		}
		if record.Message == events.StepMessage && record.Step != nil {
			steps = append(steps, *record.Step)
		}
	}
	return steps
}

// Reset empties the log.
func (l *Logbook) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines.Reset()
}
