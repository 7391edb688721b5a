package trace_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/trace"
)

var start = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func step(service, handler, eventID string, ms int, outcome events.Outcome, published ...events.Published) events.Step {
	return events.Step{
		Service: service, Handler: handler, EventID: eventID, EventType: "lamp.lit.v1", CorrelationID: "c", Subject: "lamp-1",
		Attempt: 1, StartedAt: start.Add(time.Duration(ms) * time.Millisecond), DurationMS: 4, Outcome: outcome, Published: published,
	}
}

func published(id, kind string) events.Published {
	return events.Published{ID: id, Type: kind, Channel: events.EventBridge}
}

// flow returns the steps of a lamp's execution, out of order as in logs, with a repeat, a retry and a dead-lettered
// message.
func flow() []events.Step {
	request := step("lighthouse", "POST /lamps", "r", 0, events.Handled, published("lit", "lamp.lit.v1"))
	request.EventType, request.Status = "http", 202
	open := step("harbour", "Quay.Open", "lit", 10, events.Retried)
	open.Error = "the gate did not answer"
	again := step("harbour", "Quay.Open", "lit", 60, events.Handled, published("opened", "quay.opened.v1"))
	again.Attempt = 2
	repeat := step("harbour", "Quay.Open", "lit", 80, events.Repeated, published("opened", "quay.opened.v1"))
	repeat.Attempt = 3
	deadLettered := step("buoy", "Buoy.Dim", "lit", 12, events.DeadLettered)
	deadLettered.Reason, deadLettered.Error = "bad-contract", "/candelas: minimum: got 0, want 1"
	remind := events.Published{ID: "check", Type: "berth.checked.v1", Channel: events.Queue, Due: start.Add(3 * time.Second)}
	watch := step("pilot", "Pilot.Watch", "lit", 11, events.Handled, remind)
	dock := step("pilot", "Pilot.Dock", "opened", 70, events.Handled, published("docked", "ship.docked.v1"))
	return []events.Step{dock, repeat, again, deadLettered, watch, open, request}
}

func TestPrint(t *testing.T) {
	var out bytes.Buffer
	if err := (trace.Printer{Out: &out}).Print("lamp-1 lit", trace.New(flow())); err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/flow.txt", out.Bytes())
}

// TestErrorsAreWhole: an error is printed to its last word, in a tree and on a line.
func TestErrorsAreWhole(t *testing.T) {
	refused := step("buoy", "POST /waves", "r", 10, events.Refused)
	refused.CorrelationID, refused.Error = "1f3a9c2e-0000", strings.Repeat("/height: not a number; ", 6)+"/place: must be a\nharbour"
	var tree, line bytes.Buffer
	if err := errors.Join((trace.Printer{Out: &tree}).Print("wave", trace.New([]events.Step{refused})), (trace.Printer{Out: &line}).Step(refused)); err != nil {
		t.Fatal(err)
	}
	if words := strings.Join(strings.Fields(tree.String()), " "); !strings.Contains(words, "must be a harbour") {
		t.Errorf("the tree:\n%s", &tree)
	}
	want := start.Add(14*time.Millisecond).Local().Format("15:04:05.000") + "  1f3a9c2e  buoy           POST /waves               refused        4.0 ms  lamp-1\n"
	if got := line.String(); !strings.HasPrefix(got, want) || !strings.Contains(got, "must be a\n              harbour\n") {
		t.Errorf("the line:\n%s\nwant it to begin with\n%s", got, want)
	}
}

func TestExecution(t *testing.T) {
	execution := trace.New(flow())
	if execution.Subject != "lamp-1" || execution.CorrelationID != "c" || execution.DurationMS != 84 || execution.Steps != 7 {
		t.Errorf("execution = %+v", execution)
	}
	if len(execution.Events) != 1 || execution.Events[0].ID != "r" {
		t.Fatalf("it began with %+v, want the request alone", execution.Events)
	}
	lit := execution.Events[0].Steps[0].Published[0]
	times := 0
	for _, s := range lit.Steps {
		for _, f := range s.Published {
			if f.ID == "opened" {
				times++
			}
		}
	}
	if times != 1 {
		t.Errorf("quay.opened.v1 stands in the tree %d times, want once", times)
	}
}

func TestExecutionWithoutItsBeginning(t *testing.T) {
	orphans := trace.New(flow()[:1])
	if len(orphans.Events) != 1 || orphans.Events[0].ID != "opened" {
		t.Errorf("it began with %+v, want the event whose step is missing", orphans.Events)
	}
}

func TestCollector(t *testing.T) {
	var c trace.Collector
	found := make(chan events.Step)
	go func() {
		s, _ := c.Find(t.Context(), func(s events.Step) bool { return s.EventID == "opened" })
		found <- s
	}()
	c.Line([]byte("not JSON, though it says \"step\""))
	c.Line([]byte(`{"msg":"something else","step":{"service":"x"}}`))
	for _, s := range []events.Step{flow()[6], flow()[0]} {
		line, err := json.Marshal(map[string]any{"msg": events.StepMessage, "step": s})
		if err != nil {
			t.Fatal(err)
		}
		c.Line(line)
	}
	if s := <-found; s.Service != "pilot" {
		t.Errorf("found the step of %q, want pilot", s.Service)
	}
	if c.Count() != 2 || len(c.Of("c")) != 2 || len(c.Of("d")) != 0 {
		t.Errorf("kept %d steps, of c %d, of d %d", c.Count(), len(c.Of("c")), len(c.Of("d")))
	}
}

// TestForget checks that a collector that forgets passes every step on and keeps none, for a run of any length.
func TestForget(t *testing.T) {
	seen := 0
	c := trace.Collector{Forget: true, OnStep: func(events.Step) { seen++ }}
	line, err := json.Marshal(map[string]any{"msg": events.StepMessage, "step": flow()[0]})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		c.Line(line)
	}
	if seen != 3 || c.Count() != 3 || len(c.All()) != 0 {
		t.Errorf("of 3 steps, %d were seen, %d counted and %d kept", seen, c.Count(), len(c.All()))
	}
}

// golden compares got with a file. UPDATE=1 writes the file.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func TestParseLine(t *testing.T) {
	line, ok := trace.ParseLine([]byte(`{"time":"2026-11-23T12:00:00Z","level":"WARN","msg":"low oil","service":"pilot","environment":"dev","correlationId":"c","eventId":"e","litres":3}`))
	if !ok || line.Service != "pilot" || line.EventID != "e" || line.Level != "WARN" || line.Message != "low oil" || !line.Time.Equal(start) {
		t.Errorf("parsed %+v, %t", line, ok)
	}
	if diff := cmp.Diff(map[string]any{"litres": 3.0}, line.Attributes); diff != "" {
		t.Error(diff)
	}
	for _, other := range []string{
		`{"msg":"ready","service":"pilot"}`, `{"msg":"step","eventId":"e","step":{}}`, `goroutine 1: "eventId"`,
	} {
		if line, ok := trace.ParseLine([]byte(other)); ok {
			t.Errorf("%s is taken for %+v", other, line)
		}
	}
	huge := bytes.Repeat([]byte("x"), 1<<20)
	line, ok = trace.ParseLine(fmt.Appendf(nil, `{"msg":"dump","eventId":"e","dump":%q}`, huge))
	if !ok || line.Message != "dump" || line.Attributes != nil || line.Size > 1<<10 {
		t.Errorf("of a line of 1 MiB it keeps %d bytes", line.Size)
	}
}

// TestWords: one step is one step, nothing is due before it was published, and a refusal says why once.
func TestWords(t *testing.T) {
	refused := step("desk", "POST /lamps", "r", 0, events.Refused, events.Published{ID: "p", Type: "late.v1", Channel: events.Queue, Due: start.Add(-time.Minute)})
	refused.EventType, refused.Status, refused.Reason = "http", 409, "It is lit"
	for want, message := range map[string]string{"It is lit": "", "It is lit: wait": "It is lit: wait", "It is lit: the lamp": "the lamp"} {
		refused.Error = message
		var tree, line bytes.Buffer
		if err := errors.Join((trace.Printer{Out: &tree}).Print("", trace.New([]events.Step{refused})), (trace.Printer{Out: &line}).Step(refused)); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{want + "\n", "1 step in ", "due at once"} {
			if !strings.Contains(tree.String(), text) {
				t.Errorf("the tree lacks %q:\n%s", text, tree.String())
			}
		}
		if !strings.HasSuffix(line.String(), " "+want+"\n") {
			t.Errorf("the line is %q, want it to end with %q", line.String(), want)
		}
	}
}
