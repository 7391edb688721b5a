package record_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/console/record"
)

var start = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// at returns a time a number of milliseconds after the start.
func at(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }

// audience returns an audience in which harbour subscribes to lit, pilot to dimmed unless the cause is fog, and desk
// to its reminder.
func audience(t *testing.T) *record.Audience {
	t.Helper()
	where := json.RawMessage(`{"data": {"cause": [{"anything-but": ["fog"]}]}}`)
	a, err := record.NewAudience([]schema.Event{
		{Contract: events.Contract{Type: "lit.v1", Channel: events.EventBridge}},
		{Contract: events.Contract{Type: "dimmed.v1", Channel: events.EventBridge}},
		{Contract: events.Contract{Type: "deadline.v1", Channel: events.Queue}},
	}, []*manifest.Manifest{
		{Name: "harbour", Subscribes: []manifest.Subscription{{Event: "lit.v1"}}},
		{Name: "pilot", Subscribes: []manifest.Subscription{{Event: "dimmed.v1", Where: where}}},
		{Name: "desk", Subscribes: []manifest.Subscription{{Event: "deadline.v1"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func store(t *testing.T, limits record.Limits) *record.Store {
	return record.NewStore(limits, audience(t), func(record.Change) {})
}

// step returns a step of the execution "c".
func step(service, event, kind string, ms int, outcome events.Outcome, published ...events.Published) events.Step {
	return events.Step{
		Service: service, Handler: service + ".Do", EventID: event, EventType: kind, CorrelationID: "c", Subject: "s-1", Attempt: 1,
		StartedAt: at(ms), DurationMS: 5, Outcome: outcome, Published: published,
	}
}

func hop(kind record.Kind, event, eventType, service string, ms int) record.Hop {
	return record.Hop{Time: at(ms), Kind: kind, Service: service, Event: record.EventRef{ID: event, Type: eventType, Subject: "s-1", CorrelationID: "c"}}
}

func published(id, kind, data string) events.Published {
	return events.Published{ID: id, Type: kind, Channel: events.EventBridge, Data: json.RawMessage(data)}
}

// seen is what a source reports: events.Step or record.Hop.
type seen = any

func report(s *record.Store, things []seen) {
	for _, thing := range things {
		switch thing := thing.(type) {
		case events.Step:
			s.Step(thing)
		case record.Hop:
			s.Hop(thing)
		}
	}
}

// outline formats an execution as "type(service progress …)".
func outline(list []*record.Event) string {
	var parts []string
	for _, e := range list {
		for _, p := range e.Parts {
			text := fmt.Sprintf("%s %s %s", e.Type, p.Service, p.Progress)
			if inside := outline(p.Published); inside != "" {
				text += " (" + inside + ")"
			}
			parts = append(parts, text)
		}
		if len(e.Parts) == 0 {
			parts = append(parts, e.Type)
		}
	}
	return strings.Join(parts, ", ")
}

func TestProgress(t *testing.T) {
	request := step("lighthouse", "r", "http", 0, events.Handled, published("p", "lit.v1", `{"n": 1}`))
	dimmed := func(data string) events.Step {
		return step("buoy", "x", "http", 0, events.Handled, published("d", "dimmed.v1", data))
	}
	remind := step("desk", "q", "lit.v1", 1, events.Handled, events.Published{ID: "t", Type: "deadline.v1", Channel: events.Queue, Due: at(60_000)})
	forget := step("harbour", "q", "lit.v1", 3, events.Handled)
	forget.Cancelled = []string{"t"}
	later := func(ms int, outcome events.Outcome) events.Step {
		return step("harbour", "p", "lit.v1", ms, outcome)
	}
	for _, test := range []struct {
		name  string
		seen  []seen
		want  string
		state record.State
		note  string // in any part
	}{
		{"expected, not seen yet", []seen{request}, "http lighthouse ran (lit.v1 harbour queued)", record.Running, ""},
		{"ran", []seen{request, later(9, events.Handled)}, "http lighthouse ran (lit.v1 harbour ran)", record.Done, ""},
		{"out of order", []seen{later(9, events.Handled), request}, "http lighthouse ran (lit.v1 harbour ran)", record.Done, ""},
		{"failed for now", []seen{request, later(9, events.Retried)}, "http lighthouse ran (lit.v1 harbour retrying)", record.Waiting, ""},
		{"and then well", []seen{request, later(9, events.Retried), later(99, events.Handled)}, "http lighthouse ran (lit.v1 harbour ran)", record.Done, ""},
		{"failed for good", []seen{request, later(9, events.DeadLettered)}, "http lighthouse ran (lit.v1 harbour dead-lettered)", record.Failed, ""},
		{"failed too often", []seen{request, later(9, events.Retried), hop(record.MovedToDLQ, "p", "lit.v1", "harbour", 50)}, "http lighthouse ran (lit.v1 harbour dead-lettered)", record.Failed, "dead letter"},
		{"redriven", []seen{request, later(9, events.DeadLettered), hop(record.Queued, "p", "lit.v1", "harbour", 50)}, "http lighthouse ran (lit.v1 harbour queued)", record.Running, ""},
		{"taken", []seen{request, hop(record.Queued, "p", "lit.v1", "harbour", 1), hop(record.Received, "p", "lit.v1", "harbour", 2)}, "http lighthouse ran (lit.v1 harbour working)", record.Running, ""},
		{"undelivered", []seen{request, hop(record.Undelivered, "p", "lit.v1", "harbour", 1)}, "http lighthouse ran (lit.v1 harbour undelivered)", record.Failed, ""},
		{"refused", []seen{step("lighthouse", "r", "http", 0, events.Refused)}, "http lighthouse refused", record.Rejected, ""},
		{"skipped by the filter", []seen{dimmed(`{"cause": "fog"}`)}, "http buoy ran (dimmed.v1 pilot skipped)", record.Done, "data.cause was fog, wanted anything-but fog"},
		{"let through by the filter", []seen{dimmed(`{"cause": "dusk"}`)}, "http buoy ran (dimmed.v1 pilot queued)", record.Running, ""},
		{"no payloads, no conclusion", []seen{dimmed("")}, "http buoy ran (dimmed.v1)", record.Done, ""},
		{"a reminder", []seen{remind}, "lit.v1 desk ran (deadline.v1 desk scheduled), lit.v1 harbour queued", record.Running, ""},
		{"a reminder that is cancelled", []seen{remind, hop(record.Queued, "t", "deadline.v1", "desk", 2), forget}, "lit.v1 desk ran (deadline.v1 desk skipped), lit.v1 harbour ran", record.Done, "cancelled"},
		{"published from outside", []seen{hop(record.Published, "p", "lit.v1", "", 0)}, "lit.v1 harbour queued", record.Running, ""},
	} {
		s := store(t, record.DefaultLimits)
		report(s, test.seen)
		e, found := s.Execution("c")
		if !found {
			t.Fatalf("%s: it is not kept", test.name)
		}
		if got := outline(e.Events); got != test.want || e.State != test.state {
			t.Errorf("%s:\n got %s, %s\nwant %s, %s", test.name, got, e.State, test.want, test.state)
		}
		if encoded, _ := json.Marshal(e); !strings.Contains(string(encoded), test.note) {
			t.Errorf("%s: nothing says %q", test.name, test.note)
		}
	}
}

// The reason of a skip reported by the tap contains a value of the event. It may only be shown with the event.
func TestSkippedWithoutPayloads(t *testing.T) {
	skipped := hop(record.Skipped, "d", "dimmed.v1", "pilot", 1)
	skipped.Note = "detail.data.cause was fog, wanted anything-but fog"
	for data, want := range map[string]string{"": "", `{"cause": "fog"}`: "data.cause was fog, wanted anything-but fog"} {
		s := store(t, record.DefaultLimits)
		report(s, []seen{skipped, step("buoy", "x", "http", 0, events.Handled, published("d", "dimmed.v1", data))})
		e, _ := s.Execution("c")
		if p := e.Events[0].Parts[0].Published[0].Parts[0]; p.Progress != record.Passed || p.Note != want {
			t.Errorf("with data %q: %s, %q; want skipped, %q", data, p.Progress, p.Note, want)
		}
	}
}

func TestLimits(t *testing.T) {
	s := store(t, record.Limits{Executions: 3, Steps: 2, Bytes: 1 << 20})
	for i := range 5 {
		for n := range 4 {
			one := step("lighthouse", fmt.Sprintf("e%d-%d", i, n), "http", i, events.Handled)
			one.CorrelationID, one.In = fmt.Sprintf("c%d", i), json.RawMessage(`"`+strings.Repeat("x", 48)+`"`) // 50 bytes
			s.Step(one)
		}
	}
	if page := s.List(record.Query{Limit: 10}); page.Kept != 3 || page.Gone != 2 || page.Executions[0].ID != "c4" || page.Executions[2].ID != "c2" {
		t.Errorf("kept %+v, want the newest three", page)
	}
	for _, id := range []string{"c4", "c3", "c2"} {
		if e, _ := s.Execution(id); !e.Payloads || e.Steps != 2 || e.Dropped != 2 {
			t.Errorf("%s: payloads %t, %d steps, %d dropped; want true, 2, 2", id, e.Payloads, e.Steps, e.Dropped)
		}
	}
	if _, found := s.Execution("c0"); found {
		t.Error("the oldest is still there")
	}
}

func TestList(t *testing.T) {
	s := store(t, record.DefaultLimits)
	for i := range 7 {
		one := step("lighthouse", fmt.Sprintf("e%d", i), "http", i, events.Handled, published(fmt.Sprintf("f%d", i), "dull.v1", ""))
		one.CorrelationID, one.Subject = fmt.Sprintf("c%d", i), fmt.Sprintf("S-%d", i)
		if i == 3 {
			one.Outcome, one.Error = events.DeadLettered, "broken"
		}
		s.Step(one)
	}
	ids := func(q record.Query) string {
		var found []string
		page := s.List(q)
		for len(page.Executions) > 0 {
			for _, e := range page.Executions {
				found = append(found, e.ID)
			}
			if q.Before = page.Next; q.Before == 0 {
				break
			}
			page = s.List(q)
		}
		return strings.Join(found, " ")
	}
	for _, test := range []struct {
		query record.Query
		want  string
	}{
		{record.Query{Limit: 3}, "c6 c5 c4 c3 c2 c1 c0"},
		{record.Query{Limit: 9, Text: "s-4"}, "c4"},
		{record.Query{Limit: 9, Text: "DULL s-5"}, "c5"},
		{record.Query{Limit: 9, Text: "dead-lettered"}, "c3"},
		{record.Query{Limit: 9, Text: "failed DULL"}, "c3"},
		{record.Query{Limit: 9, State: record.Failed}, "c3"},
		{record.Query{Limit: 2, State: record.Done}, "c6 c5 c4 c2 c1 c0"},
		{record.Query{Limit: 9, Text: "nothing"}, ""},
	} {
		if got := ids(test.query); got != test.want {
			t.Errorf("%+v: %s, want %s", test.query, got, test.want)
		}
	}
}

func TestOldest(t *testing.T) {
	s := store(t, record.DefaultLimits)
	reminder := hop(record.Queued, "z", "deadline.v1", "harbour", 0)
	reminder.Due = at(60_000)
	report(s, []seen{
		reminder, hop(record.Queued, "a", "lit.v1", "harbour", 1), hop(record.Queued, "b", "lit.v1", "harbour", 2),
		hop(record.Acknowledged, "a", "lit.v1", "harbour", 3), hop(record.Queued, "d", "lit.v1", "pilot", 4), hop(record.MovedToDLQ, "d", "lit.v1", "pilot", 5),
	})
	oldest := s.Oldest()
	if len(oldest) != 1 || !oldest["harbour"].Equal(at(2)) {
		t.Errorf("oldest = %v, want that of harbour at %v", oldest, at(2))
	}
}

// BenchmarkList lists the newest of 10,000 executions of ten steps, and searches all of them.
func BenchmarkList(b *testing.B) {
	a, err := record.NewAudience(nil, nil)
	if err != nil {
		b.Fatal(err)
	}
	s := record.NewStore(record.Limits{Executions: 10_000, Steps: 500, Bytes: 1 << 30}, a, func(record.Change) {})
	for i := range 10_000 {
		for n := range 10 {
			one := step("lighthouse", fmt.Sprintf("e%d-%d", i, n), "lit.v1", n, events.Handled)
			one.CorrelationID, one.Subject = fmt.Sprintf("c%d", i), fmt.Sprintf("s-%d", i)
			s.Step(one)
		}
	}
	for name, q := range map[string]record.Query{"newest": {Limit: 50}, "search": {Limit: 50, Text: "s-77"}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				s.List(q)
			}
		})
	}
}

// TestRetrying counts the messages that will be received again.
func TestRetrying(t *testing.T) {
	s := store(t, record.DefaultLimits)
	want := func(n int) {
		t.Helper()
		if got := s.Retrying()["harbour"]; got != n {
			t.Errorf("%d messages will be received again, want %d", got, n)
		}
	}
	want(0)
	for ms, event := range []string{"a", "a", "b", "d"} {
		s.Step(step("harbour", event, "lit.v1", ms, events.Retried))
	}
	want(3)
	s.Step(step("harbour", "a", "lit.v1", 10, events.Handled))
	s.Step(step("harbour", "b", "lit.v1", 11, events.DeadLettered))
	want(1)
	s.Hop(hop(record.MovedToDLQ, "d", "lit.v1", "harbour", 12))
	want(0)
}
