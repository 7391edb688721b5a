package host

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.com/troupe/events"
	"github.com/google/go-cmp/cmp"
)

// TestDeliver meets every way in which a delivery ends.
func TestDeliver(t *testing.T) {
	broken := errors.New("the bus is away")
	foreign := strings.Replace(envelope("e", rung{"tom", 1}), "bell.rung.v1", "bell.cast.v1", 1)
	for _, c := range []struct {
		name    string
		body    string
		before  func(*house) // an earlier delivery, a failure to come
		outcome events.Outcome
		runs    int32  // of the handler, all deliveries
		said    int    // events published, all deliveries
		reason  string // of dead-lettering
		hidden  [2]int32
		logged  string
	}{
		{name: "handled", body: envelope("e", rung{"tom", 2}), outcome: events.Handled, runs: 1, said: 1},
		{name: "as EventBridge wraps it", body: `{"id":"x","detail-type":"bell.rung.v1","detail":` + envelope("e", rung{"tom", 2}) + `}`,
			outcome: events.Handled, runs: 1, said: 1},
		{name: "repeated", body: envelope("e", rung{"tom", 2}), before: deliverOnce, outcome: events.Repeated, runs: 1, said: 2},
		{name: "failing", body: envelope("e", rung{"flaky", 1}), outcome: events.Retried, runs: 1, hidden: [2]int32{1, 8}, logged: "a rope slipped"},
		{name: "asking for time", body: envelope("e", rung{"hoarse", 1}), outcome: events.Retried, runs: 1, hidden: [2]int32{90, 90}},
		{name: "panicking", body: envelope("e", rung{"falling", 1}), outcome: events.Retried, runs: 1, hidden: [2]int32{1, 8}, logged: "tower_test.go"},
		{name: "unpublished", body: envelope("e", rung{"tom", 1}), before: func(h *house) { h.bus.fail = broken },
			outcome: events.Retried, runs: 1, hidden: [2]int32{1, 8}, logged: "the bus is away"},
		{name: "a dead-lettered error", body: envelope("e", rung{"cracked", 1}), outcome: events.DeadLettered, runs: 1, reason: "the bell is cracked"},
		{name: "no JSON", body: "ding dong", outcome: events.DeadLettered, reason: badContract},
		{name: "no handler", body: foreign, outcome: events.DeadLettered, reason: badContract},
		{name: "invalid data", body: envelope("e", rung{"tom", 0}), outcome: events.DeadLettered, reason: badContract},
		{name: "saying what is not declared", body: envelope("e", rung{"undeclared", 1}), outcome: events.DeadLettered, runs: 1, reason: "undeclared-event"},
		{name: "saying what is invalid", body: envelope("e", rung{"mute", 1}), outcome: events.DeadLettered, runs: 1, reason: "invalid-event"},
		{name: "saying what no wire takes", body: envelope("e", rung{"whale", 1}), outcome: events.DeadLettered, runs: 1, reason: "unpublishable-event"},
		{name: "dead-lettering fails", body: "ding dong", before: func(h *house) { h.queue.fail = broken },
			outcome: events.Retried, hidden: [2]int32{1, 8}, logged: "back-off failed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t, declaration)
			if c.before != nil {
				c.before(h)
			}
			acknowledged := h.deliver(t.Context(), received("m", c.body, 3))
			steps := h.log.steps(t)
			step := steps[len(steps)-1]
			if step.Outcome != c.outcome || step.Reason != c.reason {
				t.Errorf("outcome %s (%s), want %s (%s); error: %s", step.Outcome, step.Reason, c.outcome, c.reason, step.Error)
			}
			if want := c.outcome != events.Retried; acknowledged != want {
				t.Errorf("acknowledged: %t, want %t", acknowledged, want)
			}
			if runs := h.tower.runs.Load(); runs != c.runs {
				t.Errorf("the handler ran %d times, want %d", runs, c.runs)
			}
			if said := h.bus.ids(); len(said) != c.said || len(slices.Compact(said)) > 1 {
				t.Errorf("published %q, want the same event %d times", said, c.said)
			}
			if deadLettered := len(h.queue.deadLettered) == 1 && h.queue.fail == nil; deadLettered != (c.outcome == events.DeadLettered) {
				t.Errorf("dead-lettered: %t", deadLettered)
			}
			checkHidden(t, h.queue.hidden, c.hidden)
			if !strings.Contains(h.log.text(), c.logged) {
				t.Errorf("the log does not tell of %q:\n%s", c.logged, h.log.text())
			}
		})
	}
}

func deliverOnce(h *house) {
	h.bus.fail = nil
	h.deliver(context.Background(), received("m0", envelope("e", rung{"tom", 2}), 1))
}

// checkHidden wants one back-off within bounds, or none.
func checkHidden(t *testing.T, hidden []hiding, bounds [2]int32) {
	t.Helper()
	if bounds == [2]int32{} {
		if len(hidden) > 0 {
			t.Errorf("put off: %v", hidden)
		}
		return
	}
	if len(hidden) != 1 || hidden[0].Seconds < bounds[0] || hidden[0].Seconds > bounds[1] {
		t.Errorf("put off: %v, want one of %d to %d s", hidden, bounds[0], bounds[1])
	}
}

// TestRepeatSaysTheSameFacts publishes after a crash between commit and publish.
func TestRepeatSaysTheSameFacts(t *testing.T) {
	h := newHouse(t, declaration)
	m := received("m", envelope("e", rung{"tom", 2}), 1)
	h.bus.fail = errors.New("kill -9")
	h.deliver(t.Context(), m)
	h.bus.fail = nil
	h.deliver(t.Context(), m)
	h.deliver(t.Context(), m)
	if len(h.bus.said) != 2 || h.tower.runs.Load() != 1 {
		t.Fatalf("%d events, %d runs", len(h.bus.said), h.tower.runs.Load())
	}
	if diff := cmp.Diff(h.bus.said[0], h.bus.said[1]); diff != "" {
		t.Errorf("the repeat's event differs: %s", diff)
	}
}

func TestParkedMessage(t *testing.T) {
	h := newHouse(t, declaration)
	body := envelope("e", rung{"cracked", 1})
	h.deliver(t.Context(), received("m", body, 3))
	deadLettered := h.queue.deadLettered[0]
	if *deadLettered.QueueUrl != "queue-dlq" || *deadLettered.MessageBody != body {
		t.Errorf("sent %s to %s", *deadLettered.MessageBody, *deadLettered.QueueUrl)
	}
	got := map[string]string{}
	for name, value := range deadLettered.MessageAttributes {
		got[name] = *value.StringValue
	}
	want := map[string]string{
		"reason": "the bell is cracked", "error": "ring: the bell is cracked", "service": "tower",
		"eventType": "bell.rung.v1", "eventId": "e", "correlationId": "dance-e", "attempt": "3",
	}
	if !maps.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	for text, want := range map[string]string{
		"a\x00b\x1b[0m\tc\nd":          "ab[0m\tc\nd",
		strings.Repeat("é", 1000):      strings.Repeat("é", 512),
		"x" + strings.Repeat("é", 600): "x" + strings.Repeat("é", 511),
	} {
		if got := printable(text); got != want {
			t.Errorf("printable(%.20q…) is %.20q… of %d bytes", text, got, len(got))
		}
	}
}

func TestStep(t *testing.T) {
	h := newHouse(t, declaration)
	h.deliver(t.Context(), received("m", envelope("e", rung{"tom", 2}), 1))
	h.units.payloads = false
	h.deliver(t.Context(), received("m", envelope("f", rung{"tom", 3}), 2))
	steps := h.log.steps(t)
	for i, step := range steps {
		if step.StartedAt.IsZero() || step.DurationMS <= 0 || step.Cold != (i == 0) {
			t.Errorf("step %d: %+v", i, step)
		}
		steps[i].StartedAt, steps[i].DurationMS, steps[i].PublishMS, steps[i].WaitedMS, steps[i].ColdMS = time.Time{}, 0, 0, 0, 0
	}
	about := events.Step{
		Service: "tower", Handler: "tower.Ring", EventID: "e", EventType: "bell.rung.v1", Subject: "tom",
		CorrelationID: "dance-e", CausationID: "cause", Attempt: 1, Cold: true, Outcome: events.Handled,
	}
	first, second := about, about
	id := func(cause string) string { return events.DeriveID(cause, "tower/bell.rung.v1", 0) }
	first.In = []byte(`{"bell":"tom","times":2}`)
	first.Published = []events.Published{{ID: id("e"), Type: "bell.echoed.v1", Channel: events.EventBridge, Data: []byte(`{"bell":"tom","times":2}`)}}
	first.Changes = []events.StateChange{{Key: "bell/tom", After: []byte(`{"name":"tom","sum":2}`)}}
	second.EventID, second.CorrelationID, second.Attempt, second.Cold = "f", "dance-f", 2, false
	second.Published = []events.Published{{ID: id("f"), Type: "bell.echoed.v1", Channel: events.EventBridge}}
	if diff := cmp.Diff([]events.Step{first, second}, steps); diff != "" {
		t.Error(diff)
	}
}

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
		{"a request, which tells of no wait", 80, 90, 0, 0},
	} {
		step := &events.Step{StartedAt: after(c.start), WaitedMS: float64(c.waited)}
		if got := coldStart(step, after(c.ready)); got != c.want {
			t.Errorf("%s: %g ms, want %g", c.name, got, c.want)
		}
	}
}

func TestBackoffGrowsAndIsBounded(t *testing.T) {
	for receives, ceiling := range map[int]time.Duration{
		0: 2 * time.Second, 1: 2 * time.Second, 2: 4 * time.Second, 5: 32 * time.Second, 9: 5 * time.Minute, 1000: 5 * time.Minute,
	} {
		var longest time.Duration
		for i := range 1000 {
			d := backoff(message{id: strconv.Itoa(i), receives: receives}, errCracked)
			if d < time.Second || d > ceiling || d%time.Second != 0 {
				t.Fatalf("after %d receives: %s, want whole seconds up to %s", receives, d, ceiling)
			}
			longest = max(longest, d)
		}
		if longest < ceiling*9/10 {
			t.Errorf("after %d receives: never longer than %s of %s", receives, longest, ceiling)
		}
	}
}
