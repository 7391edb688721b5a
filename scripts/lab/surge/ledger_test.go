package main

import (
	"strings"
	"testing"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/surge"
)

// withIDs returns events with these IDs.
func withIDs(ids ...string) []events.Message {
	messages := make([]events.Message, len(ids))
	for i, id := range ids {
		messages[i].Envelope.Metadata.ID = id
	}
	return messages
}

func TestLedger(t *testing.T) {
	l := newLedger(withIDs("a", "b", "c"))
	step := func(w *world, id string, outcome events.Outcome) {
		l.step(w, events.Step{Service: "mill", EventType: "sack.brought.v1", EventID: id, Outcome: outcome, Error: "wet"})
	}
	l.publish(0, 3)
	for _, id := range []string{"a", "b", "c"} {
		l.meet("message of "+id, id)
	}
	l.refuse()
	l.lose("message of a")
	l.lose("message of a") // lost twice, counted once
	l.lose("nobody's message")
	l.lose("message of b")
	step(&l.webhook, "b", events.Handled) // it was being handled when its sender gave up
	step(&l.webhook, "c", events.Retried)
	step(&l.queue, "a", events.Handled)
	step(&l.queue, "a", events.Handled)
	step(&l.queue, "b", events.Repeated) // its first step was missed
	step(&l.queue, "nobody's event", events.Handled)

	got := l.sample(time.Now())
	got.At, got.Webhook.OldestSeconds, got.Queue.OldestSeconds = 0, 0, 0
	want := surge.Sample{
		Arrived: 3,
		Webhook: surge.Count{Completed: 1, Waiting: 1, Lost: 1, Refused: 1},
		Queue:   surge.Count{Completed: 2, Waiting: 1},
	}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if l.queue.commits[0] != 2 || l.queue.repeated != 1 {
		t.Errorf("commits %v, repeated %d", l.queue.commits, l.queue.repeated)
	}
	if l.webhook.oldest != 2 || l.queue.oldest != 2 {
		t.Errorf("the oldest that wait are %d and %d", l.webhook.oldest, l.queue.oldest)
	}
	if err := l.failure(); err != nil {
		t.Error(err)
	}
	step(&l.queue, "c", events.DeadLettered)
	if err := l.failure(); err == nil || !strings.Contains(err.Error(), "mill dead-letters the example of sack.brought.v1, so that none of these events can be handled: wet") {
		t.Errorf("after a dead letter: %v", err)
	}
}

func TestRounded(t *testing.T) {
	for rate, want := range map[float64]float64{0.4: 1, 7.9: 7, 42.4: 42, 155.4: 150, 3999: 3900, 12_345: 12_000} {
		if got := rounded(rate); got != want {
			t.Errorf("%g became %g, want %g", rate, got, want)
		}
	}
}
