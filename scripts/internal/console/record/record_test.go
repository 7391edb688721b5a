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

// at is so many milliseconds after the start.
func at(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }

// audience: payments and stock hear placed, refunds hears cancelled unless nothing was paid, desk hears its reminder.
func audience(t *testing.T) *record.Audience {
	t.Helper()
	where := json.RawMessage(`{"data": {"reason": [{"anything-but": ["declined"]}]}}`)
	a, err := record.NewAudience([]schema.Event{
		{Contract: events.Contract{Type: "placed.v1", Channel: events.EventBridge}},
		{Contract: events.Contract{Type: "cancelled.v1", Channel: events.EventBridge}},
		{Contract: events.Contract{Type: "deadline.v1", Channel: events.Queue}},
	}, []*manifest.Manifest{
		{Name: "payments", Subscribes: []manifest.Subscription{{Event: "placed.v1"}}},
		{Name: "refunds", Subscribes: []manifest.Subscription{{Event: "cancelled.v1", Where: where}}},
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

// step is one of the execution "c".
func step(service, event, kind string, ms int, outcome events.Outcome, said ...events.Published) events.Step {
	return events.Step{
		Service: service, Handler: service + ".Do", EventID: event, EventType: kind, CorrelationID: "c", Subject: "o-1", Attempt: 1,
		StartedAt: at(ms), DurationMS: 5, Outcome: outcome, Published: said,
	}
}

func hop(kind record.Kind, event, eventType, service string, ms int) record.Hop {
	return record.Hop{Time: at(ms), Kind: kind, Service: service, Event: record.EventRef{ID: event, Type: eventType, Subject: "o-1", CorrelationID: "c"}}
}

func said(id, kind, data string) events.Published {
	return events.Published{ID: id, Type: kind, Channel: events.EventBridge, Data: json.RawMessage(data)}
}

// seen is anything that a source tells: events.Step or record.Hop.
type seen = any

func tell(s *record.Store, things []seen) {
	for _, thing := range things {
		switch thing := thing.(type) {
		case events.Step:
			s.Step(thing)
		case record.Hop:
			s.Hop(thing)
		}
	}
}

// outline writes an execution as "type(service progress …)".
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
	request := step("checkout", "r", "http", 0, events.Handled, said("p", "placed.v1", `{"n": 1}`))
	cancelled := func(data string) events.Step {
		return step("orders", "x", "http", 0, events.Handled, said("d", "cancelled.v1", data))
	}
	remind := step("desk", "q", "placed.v1", 1, events.Handled, events.Published{ID: "t", Type: "deadline.v1", Channel: events.Queue, Due: at(60_000)})
	later := func(ms int, outcome events.Outcome) events.Step {
		return step("payments", "p", "placed.v1", ms, outcome)
	}
	for _, test := range []struct {
		name  string
		seen  []seen
		want  string
		state record.State
		note  string // in any part
	}{
		{"expected, not seen yet", []seen{request}, "http checkout ran (placed.v1 payments queued)", record.Running, ""},
		{"ran", []seen{request, later(9, events.Handled)}, "http checkout ran (placed.v1 payments ran)", record.Done, ""},
		{"out of order", []seen{later(9, events.Handled), request}, "http checkout ran (placed.v1 payments ran)", record.Done, ""},
		{"failed for now", []seen{request, later(9, events.Retried)}, "http checkout ran (placed.v1 payments retrying)", record.Waiting, ""},
		{"and then well", []seen{request, later(9, events.Retried), later(99, events.Handled)}, "http checkout ran (placed.v1 payments ran)", record.Done, ""},
		{"failed for good", []seen{request, later(9, events.DeadLettered)}, "http checkout ran (placed.v1 payments dead-lettered)", record.Failed, ""},
		{"failed too often", []seen{request, later(9, events.Retried), hop(record.MovedToDLQ, "p", "placed.v1", "payments", 50)}, "http checkout ran (placed.v1 payments dead-lettered)", record.Failed, "dead letter"},
		{"redriven", []seen{request, later(9, events.DeadLettered), hop(record.Queued, "p", "placed.v1", "payments", 50)}, "http checkout ran (placed.v1 payments queued)", record.Running, ""},
		{"taken", []seen{request, hop(record.Queued, "p", "placed.v1", "payments", 1), hop(record.Received, "p", "placed.v1", "payments", 2)}, "http checkout ran (placed.v1 payments working)", record.Running, ""},
		{"undelivered", []seen{request, hop(record.Undelivered, "p", "placed.v1", "payments", 1)}, "http checkout ran (placed.v1 payments undelivered)", record.Failed, ""},
		{"refused", []seen{step("checkout", "r", "http", 0, events.Refused)}, "http checkout refused", record.Done, ""},
		{"skipped by the filter", []seen{cancelled(`{"reason": "declined"}`)}, "http orders ran (cancelled.v1 refunds skipped)", record.Done, "data.reason was declined, wanted anything-but declined"},
		{"let through by the filter", []seen{cancelled(`{"reason": "sold out"}`)}, "http orders ran (cancelled.v1 refunds queued)", record.Running, ""},
		{"no payloads, no conclusion", []seen{cancelled("")}, "http orders ran (cancelled.v1)", record.Done, ""},
		{"a reminder", []seen{remind}, "placed.v1 desk ran (deadline.v1 desk scheduled), placed.v1 payments queued", record.Running, ""},
		{"published from outside", []seen{hop(record.Published, "p", "placed.v1", "", 0)}, "placed.v1 payments queued", record.Running, ""},
	} {
		s := store(t, record.DefaultLimits)
		tell(s, test.seen)
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

// A skip that the tap tells of names a value of the event: it is shown only where the event is.
func TestSkippedWithoutPayloads(t *testing.T) {
	skipped := hop(record.Skipped, "d", "cancelled.v1", "refunds", 1)
	skipped.Note = "detail.data.reason was declined, wanted anything-but declined"
	for data, want := range map[string]string{"": "", `{"reason": "declined"}`: "data.reason was declined, wanted anything-but declined"} {
		s := store(t, record.DefaultLimits)
		tell(s, []seen{skipped, step("orders", "x", "http", 0, events.Handled, said("d", "cancelled.v1", data))})
		e, _ := s.Execution("c")
		if p := e.Events[0].Parts[0].Published[0].Parts[0]; p.Progress != record.Passed || p.Note != want {
			t.Errorf("with data %q: %s, %q; want skipped, %q", data, p.Progress, p.Note, want)
		}
	}
}

func TestLimits(t *testing.T) {
	s := store(t, record.Limits{Executions: 3, Steps: 2, PayloadBytes: 250})
	for i := range 5 {
		for n := range 4 {
			one := step("checkout", fmt.Sprintf("e%d-%d", i, n), "http", i, events.Handled)
			one.CorrelationID, one.In = fmt.Sprintf("c%d", i), json.RawMessage(`"`+strings.Repeat("x", 48)+`"`) // 50 bytes
			s.Step(one)
		}
	}
	if page := s.List(record.Query{Limit: 10}); page.Kept != 3 || page.Executions[0].ID != "c4" || page.Executions[2].ID != "c2" {
		t.Errorf("kept %+v, want the newest three", page)
	}
	for id, payloads := range map[string]bool{"c4": true, "c3": true, "c2": false} {
		e, _ := s.Execution(id)
		if e.Payloads != payloads || e.Steps != 2 || e.Dropped != 2 {
			t.Errorf("%s: payloads %t, %d steps, %d dropped; want %t, 2, 2", id, e.Payloads, e.Steps, e.Dropped, payloads)
		}
	}
	if _, found := s.Execution("c0"); found {
		t.Error("the oldest is still there")
	}
}

func TestList(t *testing.T) {
	s := store(t, record.DefaultLimits)
	for i := range 7 {
		one := step("checkout", fmt.Sprintf("e%d", i), "http", i, events.Handled, said(fmt.Sprintf("f%d", i), "unheard.v1", ""))
		one.CorrelationID, one.Subject = fmt.Sprintf("c%d", i), fmt.Sprintf("O-%d", i)
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
		{record.Query{Limit: 9, Text: "o-4"}, "c4"},
		{record.Query{Limit: 9, Text: "UNHEARD o-5"}, "c5"},
		{record.Query{Limit: 9, Text: "dead-lettered"}, "c3"},
		{record.Query{Limit: 9, Text: "failed UNHEARD"}, "c3"},
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
	reminder := hop(record.Queued, "z", "deadline.v1", "payments", 0)
	reminder.Due = at(60_000)
	tell(s, []seen{
		reminder, hop(record.Queued, "a", "placed.v1", "payments", 1), hop(record.Queued, "b", "placed.v1", "payments", 2),
		hop(record.Acknowledged, "a", "placed.v1", "payments", 3), hop(record.Queued, "d", "placed.v1", "refunds", 4), hop(record.MovedToDLQ, "d", "placed.v1", "refunds", 5),
	})
	oldest := s.Oldest()
	if len(oldest) != 1 || !oldest["payments"].Equal(at(2)) {
		t.Errorf("oldest = %v, want that of payments at %v", oldest, at(2))
	}
}

// BenchmarkList lists the newest of 10,000 executions of ten steps, and searches them all.
func BenchmarkList(b *testing.B) {
	a, err := record.NewAudience(nil, nil)
	if err != nil {
		b.Fatal(err)
	}
	s := record.NewStore(record.DefaultLimits, a, func(record.Change) {})
	for i := range 10_000 {
		for n := range 10 {
			one := step("checkout", fmt.Sprintf("e%d-%d", i, n), "placed.v1", n, events.Handled)
			one.CorrelationID, one.Subject = fmt.Sprintf("c%d", i), fmt.Sprintf("o-%d", i)
			s.Step(one)
		}
	}
	for name, q := range map[string]record.Query{"newest": {Limit: 50}, "search": {Limit: 50, Text: "o-77"}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				s.List(q)
			}
		})
	}
}
