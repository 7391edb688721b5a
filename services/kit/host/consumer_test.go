package host

import (
	"context"
	"errors"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/internal/tower"
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
	foreign := strings.Replace(tower.Envelope("e", rung("tom", 1)), "bell.rung.v1", "bell.cast.v1", 1)
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
		{name: "handled", body: tower.Envelope("e", rung("tom", 2)), outcome: events.Handled, runs: 1, said: 1},
		{name: "as EventBridge wraps it", body: `{"id":"x","detail-type":"bell.rung.v1","detail":` + tower.Envelope("e", rung("tom", 2)) + `}`,
			outcome: events.Handled, runs: 1, said: 1},
		{name: "repeated", body: tower.Envelope("e", rung("tom", 2)), before: deliverOnce, outcome: events.Repeated, runs: 1, said: 2},
		{name: "failing", body: tower.Envelope("e", rung("flaky", 1)), outcome: events.Retried, runs: 1, hidden: [2]int32{1, 8}, logged: "a rope slipped"},
		{name: "asking for time", body: tower.Envelope("e", rung("hoarse", 1)), outcome: events.Retried, runs: 1, hidden: [2]int32{90, 90}},
		{name: "panicking", body: tower.Envelope("e", rung("falling", 1)), outcome: events.Retried, runs: 1, hidden: [2]int32{1, 8}, logged: "tower.go"},
		{name: "unpublished", body: tower.Envelope("e", rung("tom", 1)), before: func(h *house) { h.bus.Fail = broken },
			outcome: events.Retried, runs: 1, hidden: [2]int32{1, 8}, logged: "the bus is away"},
		{name: "a dead-lettered error", body: tower.Envelope("e", rung("cracked", 1)), outcome: events.DeadLettered, runs: 1, reason: "the bell is cracked"},
		{name: "not JSON", body: "ding dong", outcome: events.DeadLettered, reason: badContract},
		{name: "no handler", body: foreign, outcome: events.DeadLettered, reason: badContract},
		{name: "invalid data", body: tower.Envelope("e", rung("tom", 0)), outcome: events.DeadLettered, reason: badContract},
		{name: "publishing what is not declared", body: tower.Envelope("e", rung("undeclared", 1)), outcome: events.DeadLettered, runs: 1, reason: "undeclared-event"},
		{name: "publishing what is invalid", body: tower.Envelope("e", rung("mute", 1)), outcome: events.DeadLettered, runs: 1, reason: "invalid-event"},
		{name: "publishing what no channel takes", body: tower.Envelope("e", rung("whale", 1)), outcome: events.DeadLettered, runs: 1, reason: "unpublishable-event"},
		{name: "dead-lettering fails", body: "ding dong", before: func(h *house) { h.queue.fail = broken },
			outcome: events.Retried, hidden: [2]int32{1, 8}, logged: "back-off failed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t, tower.Declaration)
			if c.before != nil {
				c.before(h)
			}
			acknowledged := h.consumer.deliver(t.Context(), received("m", c.body, 3))
			steps := h.log.Steps(t)
			step := steps[len(steps)-1]
			if step.Outcome != c.outcome || step.Reason != c.reason {
				t.Errorf("outcome %s (%s), want %s (%s); error: %s", step.Outcome, step.Reason, c.outcome, c.reason, step.Error)
			}
			if want := c.outcome != events.Retried; acknowledged != want {
				t.Errorf("acknowledged: %t, want %t", acknowledged, want)
			}
			if runs := h.tower.Runs.Load(); runs != c.runs {
				t.Errorf("the handler ran %d times, want %d", runs, c.runs)
			}
			if said := h.bus.IDs(); len(said) != c.said || len(slices.Compact(said)) > 1 {
				t.Errorf("published %q, want the same event %d times", said, c.said)
			}
			if deadLettered := len(h.queue.deadLettered) == 1 && h.queue.fail == nil; deadLettered != (c.outcome == events.DeadLettered) {
				t.Errorf("dead-lettered: %t", deadLettered)
			}
			checkHidden(t, h.queue.hidden, c.hidden)
			if !strings.Contains(h.log.Text(), c.logged) {
				t.Errorf("the log does not have %q:\n%s", c.logged, h.log.Text())
			}
		})
	}
}

func deliverOnce(h *house) {
	h.bus.Fail = nil
	h.consumer.deliver(context.Background(), received("m0", tower.Envelope("e", rung("tom", 2)), 1))
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

// TestRepeatPublishesTheSameEvents publishes after a crash between commit and publish.
func TestRepeatPublishesTheSameEvents(t *testing.T) {
	h := newHouse(t, tower.Declaration)
	m := received("m", tower.Envelope("e", rung("tom", 2)), 1)
	h.bus.Fail = errors.New("kill -9")
	h.consumer.deliver(t.Context(), m)
	h.bus.Fail = nil
	h.consumer.deliver(t.Context(), m)
	h.consumer.deliver(t.Context(), m)
	if len(h.bus.Published) != 2 || h.tower.Runs.Load() != 1 {
		t.Fatalf("%d events, %d runs", len(h.bus.Published), h.tower.Runs.Load())
	}
	if diff := cmp.Diff(h.bus.Published[0], h.bus.Published[1]); diff != "" {
		t.Errorf("the repeat's event differs: %s", diff)
	}
}

func TestDeadLetter(t *testing.T) {
	h := newHouse(t, tower.Declaration)
	body := tower.Envelope("e", rung("cracked", 1))
	h.consumer.deliver(t.Context(), received("m", body, 3))
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
		"eventType": "bell.rung.v1", "eventId": "e", "correlationId": "flow-e", "attempt": "3",
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
	h := newHouse(t, tower.Declaration)
	h.consumer.deliver(t.Context(), received("m", tower.Envelope("e", rung("tom", 2)), 1))
	h.runner.Payloads = false
	h.consumer.deliver(t.Context(), received("m", tower.Envelope("f", rung("tom", 3)), 2))
	steps := h.log.Steps(t)
	for i, step := range steps {
		if step.StartedAt.IsZero() || step.DurationMS <= 0 || step.Cold != (i == 0) {
			t.Errorf("step %d: %+v", i, step)
		}
		steps[i].StartedAt, steps[i].DurationMS, steps[i].PublishMS, steps[i].WaitedMS, steps[i].ColdMS = time.Time{}, 0, 0, 0, 0
	}
	about := events.Step{
		Service: "tower", Handler: "Tower.Ring", EventID: "e", EventType: "bell.rung.v1", Subject: "tom",
		CorrelationID: "flow-e", CausationID: "cause", Attempt: 1, Cold: true, Outcome: events.Handled,
	}
	first, second := about, about
	id := func(cause string) string { return events.DeriveID(cause, "tower/bell.rung.v1", 0) }
	first.In = []byte(`{"bell":"tom","times":2}`)
	first.Published = []events.Published{{ID: id("e"), Type: "bell.echoed.v1", Channel: events.EventBridge, Data: []byte(`{"bell":"tom","times":2}`)}}
	first.Changes = []events.StateChange{{Key: "bell/tom", After: []byte(`{"name":"tom","sum":2}`)}}
	second.EventID, second.CorrelationID, second.Attempt, second.Cold = "f", "flow-f", 2, false
	second.Published = []events.Published{{ID: id("f"), Type: "bell.echoed.v1", Channel: events.EventBridge}}
	if diff := cmp.Diff([]events.Step{first, second}, steps); diff != "" {
		t.Error(diff)
	}
}

func TestBackoffGrowsAndIsBounded(t *testing.T) {
	for receives, ceiling := range map[int]time.Duration{
		0: 2 * time.Second, 1: 2 * time.Second, 2: 4 * time.Second, 5: 32 * time.Second, 9: 5 * time.Minute, 1000: 5 * time.Minute,
	} {
		var longest time.Duration
		for i := range 1000 {
			d := backoff(message{id: strconv.Itoa(i), receives: receives}, tower.ErrCracked)
			if d < ceiling/2 || d > ceiling || d%time.Second != 0 {
				t.Fatalf("after %d receives: %s, want whole seconds up to %s", receives, d, ceiling)
			}
			longest = max(longest, d)
		}
		if longest < ceiling*9/10 {
			t.Errorf("after %d receives: never longer than %s of %s", receives, longest, ceiling)
		}
	}
}

// TestRetryAfterIsCapped: SQS refuses to hide a message beyond 12 hours from its receive, and
// then the message would come again after its visibility timeout.
func TestRetryAfterIsCapped(t *testing.T) {
	for after, want := range map[time.Duration]time.Duration{
		0: time.Second, 1500 * time.Millisecond: 2 * time.Second, time.Hour: time.Hour, 24 * time.Hour: 11*time.Hour + 30*time.Minute,
	} {
		if got := backoff(message{id: "m", receives: 3}, eventing.RetryAfter(after, tower.ErrCracked)); got != want {
			t.Errorf("RetryAfter(%s): %s, want %s", after, got, want)
		}
	}
}
