package trace_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/trace"
)

var start = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func step(service, handler, eventID string, ms int, outcome events.Outcome, said ...events.Published) events.Step {
	return events.Step{
		Service: service, Handler: handler, EventID: eventID, EventType: "order.placed.v1", CorrelationID: "c", Subject: "o-1",
		Attempt: 1, StartedAt: start.Add(time.Duration(ms) * time.Millisecond), DurationMS: 4, Outcome: outcome, Published: said,
	}
}

func fact(id, kind string) events.Published {
	return events.Published{ID: id, Type: kind, Channel: events.EventBridge}
}

// dance is an order's execution, out of order as logs come, with a repeat, a retry and a dead-lettered message.
func dance() []events.Step {
	request := step("checkout", "POST /orders", "r", 0, events.Handled, fact("placed", "order.placed.v1"))
	request.EventType, request.Status = "http", 202
	authorize := step("payments", "Desk.Authorize", "placed", 10, events.Retried)
	authorize.Error = "the gateway did not answer"
	again := step("payments", "Desk.Authorize", "placed", 60, events.Handled, fact("paid", "payment.authorized.v1"))
	again.Attempt = 2
	repeat := step("payments", "Desk.Authorize", "placed", 80, events.Repeated, fact("paid", "payment.authorized.v1"))
	repeat.Attempt = 3
	deadLettered := step("inventory", "Shelf.Reserve", "placed", 12, events.DeadLettered)
	deadLettered.Reason, deadLettered.Error = "bad-contract", "/lines: minItems: got 0, want 1"
	remind := events.Published{ID: "deadline", Type: "order.deadline.v1", Channel: events.Queue, Due: start.Add(3 * time.Second)}
	open := step("orders", "Saga.Open", "placed", 11, events.Handled, remind)
	join := step("orders", "Saga.Paid", "paid", 70, events.Handled, fact("confirmed", "order.confirmed.v1"))
	return []events.Step{join, repeat, again, deadLettered, open, authorize, request}
}

func TestPrint(t *testing.T) {
	var out bytes.Buffer
	if err := (trace.Printer{Out: &out}).Print("o-1 confirmed", trace.New(dance())); err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/dance.txt", out.Bytes())
}

func TestExecution(t *testing.T) {
	execution := trace.New(dance())
	if execution.Subject != "o-1" || execution.CorrelationID != "c" || execution.DurationMS != 84 || execution.Steps != 7 {
		t.Errorf("execution = %+v", execution)
	}
	if len(execution.Events) != 1 || execution.Events[0].ID != "r" {
		t.Fatalf("it began with %+v, want the request alone", execution.Events)
	}
	placed := execution.Events[0].Steps[0].Published[0]
	said := 0
	for _, s := range placed.Steps {
		for _, f := range s.Published {
			if f.ID == "paid" {
				said++
			}
		}
	}
	if said != 1 {
		t.Errorf("payment.authorized.v1 stands in the tree %d times, want once", said)
	}
}

func TestExecutionWithoutItsBeginning(t *testing.T) {
	orphans := trace.New(dance()[:1])
	if len(orphans.Events) != 1 || orphans.Events[0].ID != "paid" {
		t.Errorf("it began with %+v, want the event whose step is missing", orphans.Events)
	}
}

func TestCollector(t *testing.T) {
	var c trace.Collector
	found := make(chan events.Step)
	go func() {
		s, _ := c.Find(t.Context(), func(s events.Step) bool { return s.EventID == "paid" })
		found <- s
	}()
	c.Line([]byte("not JSON, though it says \"step\""))
	c.Line([]byte(`{"msg":"something else","step":{"service":"x"}}`))
	for _, s := range []events.Step{dance()[6], dance()[0]} {
		line, err := json.Marshal(map[string]any{"msg": events.StepMessage, "step": s})
		if err != nil {
			t.Fatal(err)
		}
		c.Line(line)
	}
	if s := <-found; s.Service != "orders" {
		t.Errorf("found the step of %q, want orders", s.Service)
	}
	if c.Count() != 2 || len(c.Of("c")) != 2 || len(c.Of("d")) != 0 {
		t.Errorf("kept %d steps, of c %d, of d %d", c.Count(), len(c.Of("c")), len(c.Of("d")))
	}
}

// golden compares with a file, which UPDATE=1 writes.
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
