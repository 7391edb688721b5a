package main

import (
	"testing"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/surge"
)

func TestLedger(t *testing.T) {
	l := newLedger([]string{"a", "b", "c"})
	step := func(w *world, order string, outcome events.Outcome) {
		l.step(w, events.Step{Subject: order, Outcome: outcome})
	}
	l.publish(0, 3)
	for _, order := range []string{"a", "b", "c"} {
		l.meet("message of "+order, order)
	}
	l.refuse()
	l.lose("message of a")
	l.lose("message of a") // told twice, lost once
	l.lose("nobody's message")
	l.lose("message of b")
	step(&l.webhook, "b", events.Handled) // it was at work when SNS gave up
	step(&l.webhook, "c", events.Retried)
	step(&l.queue, "a", events.Handled)
	step(&l.queue, "a", events.Handled)
	step(&l.queue, "b", events.Repeated) // its first step was not heard of
	step(&l.queue, "nobody's order", events.Handled)

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
}

func TestRounded(t *testing.T) {
	for rate, want := range map[float64]float64{0.4: 1, 7.9: 7, 42.4: 42, 155.4: 150, 3999: 3900, 12_345: 12_000} {
		if got := rounded(rate); got != want {
			t.Errorf("%g became %g, want %g", rate, got, want)
		}
	}
}
