package main

import (
	"fmt"
	"sync"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/surge"
)

// ledger records what happens to each event in both worlds, by ID.
type ledger struct {
	mu       sync.Mutex
	index    map[string]int // by ID: the index in the order of publishing
	sent     []time.Time    // by index; zero before it is published
	arrived  int
	messages map[string]int // index by the sender's message ID, as the door learns it
	failed   error          // why no event can ever be handled
	webhook  world
	queue    world
}

// world is what has happened to the events in one of the two worlds.
type world struct {
	commits  []int  // by index: how often its handler committed
	done     []bool // by index
	lost     []bool // by index
	oldest   int    // all events before this index are done or lost
	finished int    // done
	gone     int    // lost and not done
	refused  int
	repeated int
	last     time.Time // when the latest was done
}

func newLedger(messages []events.Message) *ledger {
	n := len(messages)
	l := &ledger{index: make(map[string]int, n), sent: make([]time.Time, n), messages: make(map[string]int, n)}
	for _, w := range []*world{&l.webhook, &l.queue} {
		w.commits, w.done, w.lost = make([]int, n), make([]bool, n), make([]bool, n)
	}
	for turn, m := range messages {
		l.index[m.Envelope.Metadata.ID] = turn
	}
	return l
}

// publish records that events are being published. It is called before they are sent, because they may be handled
// before the response arrives.
func (l *ledger) publish(from, to int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for turn := from; turn < to; turn++ {
		l.sent[turn] = time.Now()
	}
	l.arrived += to - from
}

// step records a step of the service in one of the worlds.
func (l *ledger) step(w *world, step events.Step) {
	l.mu.Lock()
	defer l.mu.Unlock()
	turn, ours := l.index[step.EventID]
	if !ours {
		return
	}
	switch step.Outcome {
	case events.Handled:
		w.commits[turn]++
	case events.Repeated:
		w.repeated++
	case events.DeadLettered:
		l.failed = fmt.Errorf("%s dead-letters the example of %s, so that none of these events can be handled: %s", step.Service, step.EventType, step.Error)
		return
	default:
		return // it is redelivered
	}
	if w.done[turn] {
		return
	}
	w.done[turn], w.last = true, time.Now()
	if w.finished++; w.lost[turn] {
		w.gone-- // its sender gave up before the work was done
	}
}

// meet records the sender's message ID of an event.
func (l *ledger) meet(message, event string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if turn, ours := l.index[event]; ours {
		l.messages[message] = turn
	}
}

// refuse records a refused delivery.
func (l *ledger) refuse() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.webhook.refused++
}

// lose records that the sender gave up a message.
func (l *ledger) lose(message string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	turn, ours := l.messages[message]
	if !ours || l.webhook.lost[turn] {
		return
	}
	l.webhook.lost[turn] = true
	if !l.webhook.done[turn] {
		l.webhook.gone++
	}
}

// failure returns why no event can ever be handled, or nil.
func (l *ledger) failure() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.failed
}

// sample returns the current state.
func (l *ledger) sample(began time.Time) surge.Sample {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	return surge.Sample{
		At: now.Sub(began).Seconds(), Arrived: l.arrived,
		Webhook: l.count(&l.webhook, now), Queue: l.count(&l.queue, now),
	}
}

func (l *ledger) count(w *world, now time.Time) surge.Count {
	for w.oldest < len(l.sent) && (w.done[w.oldest] || w.lost[w.oldest]) {
		w.oldest++
	}
	c := surge.Count{Completed: w.finished, Lost: w.gone, Refused: w.refused, Waiting: l.arrived - w.finished - w.gone}
	if w.oldest < len(l.sent) && !l.sent[w.oldest].IsZero() {
		c.OldestSeconds = now.Sub(l.sent[w.oldest]).Seconds()
	}
	return c
}
