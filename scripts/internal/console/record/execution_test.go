package record_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/console/record"
	"example.com/troupe/scripts/internal/trace"
)

// execution returns what a store makes of reports.
func execution(t *testing.T, things ...seen) *record.Execution {
	t.Helper()
	s := store(t, record.DefaultLimits)
	report(s, things)
	e, found := s.Execution("c")
	if !found {
		t.Fatal("it is not kept")
	}
	return e
}

// request returns the step of a request that took four seconds and published lit.v1 in its last 5 ms.
func request() events.Step {
	s := step("lighthouse", "r", "http", 0, events.Handled, published("p", "lit.v1", ""))
	s.DurationMS, s.PublishMS, s.Status = 4005, 5, 202
	return s
}

// TestTimes says where the time before an attempt went, and never more than there was.
func TestTimes(t *testing.T) {
	handled := func(ms int, change func(*events.Step)) events.Step {
		s := step("harbour", "p", "lit.v1", ms, events.Handled)
		change(&s)
		return s
	}
	retried := step("harbour", "p", "lit.v1", 4010, events.Retried)
	retried.WaitedMS, retried.RetryMS = 8, 2000
	slowly := request() // publishes at 25 ms
	slowly.DurationMS = 45
	for _, test := range []struct {
		name string
		seen []seen
		want []record.Times
		note string
	}{
		{"in the queue, and while its process started", []seen{request(), handled(4017, func(s *events.Step) { s.WaitedMS, s.ColdMS = 12, 7 })}, []record.Times{{QueueMS: 5, ColdMS: 7}}, ""},
		{"as an older kit counted", []seen{request(), handled(4022, func(s *events.Step) { s.WaitedMS = 4022 })}, []record.Times{{QueueMS: 22}}, ""},
		{"after a back-off", []seen{request(), retried, handled(6095, func(s *events.Step) { s.Attempt = 2 })}, []record.Times{{QueueMS: 8}, {BackoffMS: 2000, QueueMS: 80}}, ""},
		{"redriven much later", []seen{request(), retried, handled(99_000, func(s *events.Step) { s.WaitedMS = 30 })}, []record.Times{{QueueMS: 8}, {QueueMS: 30}}, ""},
		{"an attempt without a step", []seen{request(), handled(34_000, func(s *events.Step) { s.Attempt = 2 })}, []record.Times{{}}, "left no step"},
		{"a clock behind the queue's", []seen{request(), handled(4001, func(s *events.Step) { s.ClockMS = 90 })}, []record.Times{{}}, "the clock of harbour is 90 ms behind the queue's"},
		{"before the producer's answer was sent", []seen{slowly, handled(40, func(s *events.Step) { s.WaitedMS = 12 })}, []record.Times{{QueueMS: 12}}, ""},
		{"a clock behind the producer's", []seen{request(), handled(-1000, func(s *events.Step) { s.WaitedMS = 7 })}, []record.Times{{}}, "began 1s before lighthouse, which published the event"},
		{"two attempts at once", []seen{request(), retried, handled(4012, func(s *events.Step) { s.Attempt = 2 })}, []record.Times{{QueueMS: 8}, {}}, "before the attempt before it ended"},
	} {
		part := execution(t, test.seen...).Events[0].Parts[0].Published[0].Parts[0]
		notes := ""
		for i, got := range part.Times {
			notes, got.Note = notes+got.Note, ""
			if i >= len(test.want) || got != test.want[i] {
				t.Errorf("%s: attempt %d: %+v, want %+v", test.name, i+1, got, test.want)
			}
		}
		if len(part.Times) != len(test.want) || !strings.Contains(notes, test.note) || test.note == "" && notes != "" {
			t.Errorf("%s: %d times, noting %q; want %d, noting %q", test.name, len(part.Times), notes, len(test.want), test.note)
		}
	}
}

// TestTimesOfAReminder: until it is due, a reminder isn't waiting.
func TestTimesOfAReminder(t *testing.T) {
	asked := step("desk", "q", "lit.v1", 0, events.Handled, events.Published{ID: "t", Type: "deadline.v1", Channel: events.Queue, Due: at(60_000)})
	reminded := step("desk", "t", "deadline.v1", 60_012, events.Handled)
	reminded.WaitedMS = 60_007
	e := execution(t, asked, reminded)
	if got := e.Events[0].Parts[0].Published[0].Parts[0].Times[0]; got.QueueMS != 12 {
		t.Errorf("it waited %+v, want 12 ms in the queue", got)
	}
	if e.DurationMS > 1000 {
		t.Errorf("it took %g ms: a reminder of what is over takes no time", e.DurationMS)
	}
	reminded.Published = []events.Published{{ID: "c", Type: "cancelled.v1"}}
	if e := execution(t, asked, reminded); e.DurationMS < 60_000 {
		t.Errorf("it took %g ms, though its reminder ended it", e.DurationMS)
	}
}

// TestTimesOfARequest: a request waits for its process, and in no queue.
func TestTimesOfARequest(t *testing.T) {
	cold := request()
	cold.WaitedMS, cold.ColdMS = 800, 750
	if got := execution(t, cold).Events[0].Parts[0].Times[0]; got != (record.Times{ColdMS: 750}) {
		t.Errorf("it waited %+v", got)
	}
}

// TestRepeats: what comes again after it had its effect is no retry, and says nothing about how the execution ended.
func TestRepeats(t *testing.T) {
	first := step("harbour", "p", "lit.v1", 4010, events.Handled)
	again := step("harbour", "p", "lit.v1", 5000, events.Repeated)
	failed := step("harbour", "p", "lit.v1", 4010, events.Retried)
	completed := step("harbour", "p", "lit.v1", 5000, events.Repeated)
	completed.Attempt = 2
	taken := step("lighthouse", "r", "http", 9000, events.Refused)
	taken.Status, taken.Reason = 422, "The idempotency key is taken"
	for _, test := range []struct {
		name             string
		seen             []seen
		retries, repeats int
	}{
		{"a duplicate", []seen{request(), first, again}, 0, 1},
		{"a duplicate that overtook", []seen{request(), step("harbour", "p", "lit.v1", 4009, events.Repeated), first}, 0, 1},
		{"another request with the key", []seen{request(), first, taken}, 0, 1},
		{"a failed attempt that a redelivery completed", []seen{request(), failed, completed}, 1, 0},
		{"a replay of which the first step is not known", []seen{again}, 0, 1},
		{"a request again, in an execution of its own", []seen{step("lighthouse", "r", "http", 0, events.Repeated, published("p", "lit.v1", ""))}, 0, 1},
	} {
		e := execution(t, test.seen...)
		if test.repeats > 0 && len(test.seen) > 1 && e.DurationMS != 4015 {
			t.Errorf("%s: it took %g ms, want as long as without the repeat", test.name, e.DurationMS)
		}
		if e.Retries != test.retries || e.Repeats != test.repeats || e.State != record.Done || e.Problem != "" {
			t.Errorf("%s: %d retries, %d repeats, %s, %q; want %d and %d, done", test.name, e.Retries, e.Repeats, e.State, e.Problem, test.retries, test.repeats)
		}
	}
}

// TestDataOfARepeatedRequest shows the request that had an effect, not one that was refused for its key.
func TestDataOfARepeatedRequest(t *testing.T) {
	first, taken := request(), step("lighthouse", "r", "http", 9000, events.Refused)
	first.In, taken.In = json.RawMessage(`"first"`), json.RawMessage(`"other"`)
	for _, seen := range [][]seen{{first, taken}, {taken, first}} {
		if got := string(execution(t, seen...).Events[0].Data); got != `"first"` {
			t.Errorf("the request was %s", got)
		}
	}
}

// ends returns an audience that knows how two events end an execution.
func ends(t *testing.T) *record.Audience {
	t.Helper()
	a, err := record.NewAudience([]schema.Event{
		{Contract: events.Contract{Type: "lamp.lit.v1"}, Outcome: schema.Success},
		{Contract: events.Contract{Type: "bulb.broken.v1"}, Outcome: schema.Failure},
		{Contract: events.Contract{Type: "lamp.scrapped.v1"}, Outcome: schema.Failure},
		{Contract: events.Contract{Type: "lamp.checked.v1"}},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestOutcome: an execution ended as the latest event says whose contract names an outcome.
func TestOutcome(t *testing.T) {
	says := func(id string, ms int, kinds ...string) events.Step {
		s := step("lighthouse", id, "http", ms, events.Handled)
		for _, kind := range kinds {
			s.Published = append(s.Published, published(id+kind, kind, ""))
		}
		return s
	}
	slow := says("a", 0, "bulb.broken.v1")
	slow.DurationMS, slow.PublishMS = 900, 898
	refused := step("lighthouse", "r", "http", 0, events.Refused)
	refused.Status, refused.Reason = 409, "It is lit"
	for _, test := range []struct {
		name    string
		seen    []seen
		state   record.State
		outcome schema.Outcome
		ended   string
		status  int
		problem string
	}{
		{"nothing is said", []seen{says("a", 0, "lamp.checked.v1")}, record.Done, "", "", 0, ""},
		{"well", []seen{says("a", 0, "lamp.lit.v1"), says("b", 9, "lamp.checked.v1")}, record.Done, schema.Success, "lamp lit", 0, ""},
		{"not at once", []seen{says("a", 0, "bulb.broken.v1"), says("b", 9, "lamp.lit.v1")}, record.Done, schema.Success, "lamp lit", 0, ""},
		{"in two steps, told in another order", []seen{says("b", 9, "lamp.scrapped.v1"), says("a", 0, "bulb.broken.v1")}, record.Done, schema.Failure, "bulb broken, lamp scrapped", 0, ""},
		{"published slowly", []seen{slow, says("b", 9, "lamp.lit.v1")}, record.Done, schema.Success, "lamp lit", 0, ""},
		{"refused", []seen{refused}, record.Rejected, "", "", 409, "lighthouse refused it with status 409: It is lit"},
	} {
		s := record.NewStore(record.DefaultLimits, ends(t), func(record.Change) {})
		report(s, test.seen)
		e := s.Summaries([]string{"c"})[0]
		if e.State != test.state || e.Outcome != test.outcome || e.Ended != test.ended || e.Status != test.status || e.Problem != test.problem {
			t.Errorf("%s: %+v", test.name, e)
		}
	}
}

// TestFind filters by state, outcome and time, sorts, and finds what a person sees.
func TestFind(t *testing.T) {
	s := record.NewStore(record.DefaultLimits, ends(t), func(record.Change) {})
	add := func(id string, minute int, kind string, change func(*events.Step)) {
		one := step("lighthouse", "e"+id, "http", minute*60_000, events.Handled, published("p"+id, kind, ""))
		one.CorrelationID, one.Subject, one.Status, one.In = id, "lamp-"+id, 202, json.RawMessage(`{"email":"`+id+`@Example.com"}`)
		change(&one)
		s.Step(one)
	}
	same := func(*events.Step) {}
	add("late", 9, "lamp.lit.v1", same)
	add("early", 1, "bulb.broken.v1", func(s *events.Step) { s.DurationMS = 900 })
	add("odd", 5, "lamp.checked.v1", func(s *events.Step) { s.Outcome, s.Status, s.Published = events.Refused, 409, nil })
	ids := func(q record.Query) string {
		var found []string
		for q.Limit = 1; ; { // pages of one
			page := s.List(q)
			for _, e := range page.Executions {
				found = append(found, e.ID)
			}
			if q.Before = page.Next; q.Before == 0 {
				return strings.Join(found, " ")
			}
		}
	}
	for _, test := range []struct {
		query record.Query
		want  string
	}{
		{record.Query{}, "late odd early"}, // by time, not by arrival
		{record.Query{Sort: record.Oldest}, "early odd late"},
		{record.Query{Sort: record.Longest}, "early late odd"},
		{record.Query{Outcome: schema.Success}, "late"},
		{record.Query{Outcome: schema.Failure}, "early"},
		{record.Query{Outcome: record.Unsaid}, "odd"},
		{record.Query{State: record.Rejected}, "odd"},
		{record.Query{Since: at(2 * 60_000)}, "late odd"},
		{record.Query{Since: at(2 * 60_000), Until: at(9 * 60_000)}, "odd"},
		{record.Query{Text: "409"}, "odd"},
		{record.Query{Text: "failure"}, "early"},
		{record.Query{Text: "bulb broken"}, "early"},
		{record.Query{Text: "LATE@example.com"}, "late"},
	} {
		if got := ids(test.query); got != test.want {
			t.Errorf("%+v: %s, want %s", test.query, got, test.want)
		}
	}
}

// TestRelated links executions about the same subject.
func TestRelated(t *testing.T) {
	s := store(t, record.Limits{Executions: 3, Steps: 9, Bytes: 1 << 20})
	for i, id := range []string{"a", "b", "other", "d"} {
		one := step("lighthouse", "e"+id, "http", i, events.Handled)
		if one.CorrelationID = id; id == "other" {
			one.Subject = "s-2"
		}
		s.Step(one)
	}
	d, _ := s.Execution("d") // the first has been forgotten
	if len(d.Relatives) != 1 || d.Relatives[0].ID != "b" || d.Related != 1 {
		t.Errorf("related to d: %d, %+v; want b", d.Related, d.Relatives)
	}
	for _, e := range s.List(record.Query{Limit: 9}).Executions {
		if want := map[string]int{"b": 1, "d": 1}[e.ID]; e.Related != want {
			t.Errorf("%s has %d relatives, want %d", e.ID, e.Related, want)
		}
	}
}

// TestLines shows what a handler logged at its part, also if its lines came before the step.
func TestLines(t *testing.T) {
	s := store(t, record.Limits{Executions: 9, Steps: 3, Bytes: 1 << 20})
	line := func(service, event, message string) trace.Line {
		return trace.Line{Service: service, CorrelationID: "c", EventID: event, Message: message, Time: at(2), Size: 10}
	}
	s.Line(line("lighthouse", "r", "early"))
	s.Step(step("lighthouse", "r", "http", 0, events.Handled, published("p", "lit.v1", "")))
	s.Step(step("harbour", "p", "lit.v1", 1, events.Handled))
	for range 3 {
		s.Line(line("harbour", "p", "late"))
	}
	e, _ := s.Execution("c")
	first := e.Events[0].Parts[0]
	if len(first.Lines) != 1 || first.Lines[0].Message != "early" {
		t.Errorf("lighthouse logged %+v, want the line that came before its step", first.Lines)
	}
	if lines := first.Published[0].Parts[0].Lines; len(lines) != 2 || lines[0].Message != "late" || e.Unlisted != 1 {
		t.Errorf("harbour logged %+v, and %d lines are too many; want two and one", lines, e.Unlisted)
	}
	if e.Steps != 2 {
		t.Errorf("%d steps", e.Steps)
	}
}

// TestCriticalPath marks what decided when the outcome was there, not what happened beside it or later.
func TestCriticalPath(t *testing.T) {
	s := record.NewStore(record.DefaultLimits, ends(t), func(record.Change) {})
	report(s, []seen{
		step("lighthouse", "r", "http", 0, events.Handled, published("p", "lamp.checked.v1", "")),
		step("quick", "p", "lamp.checked.v1", 10, events.Handled),
		step("slow", "p", "lamp.checked.v1", 10, events.Handled, published("q", "lamp.lit.v1", "")),
		step("after", "q", "lamp.lit.v1", int(time.Hour/time.Millisecond), events.Handled),
	})
	e, _ := s.Execution("c")
	got := map[string]bool{}
	var walk func([]*record.Event)
	walk = func(list []*record.Event) {
		for _, event := range list {
			for _, p := range event.Parts {
				got[p.Service] = p.Critical
				walk(p.Published)
			}
		}
	}
	walk(e.Events)
	for service, want := range map[string]bool{"lighthouse": true, "slow": true, "quick": false, "after": false} {
		if got[service] != want {
			t.Errorf("%s is on the critical path: %t", service, got[service])
		}
	}
}
