package main

import (
	"fmt"
	"sync"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/surge"
)

// ledger knows what became of each event in both worlds, by its id.
type ledger struct {
	mu       sync.Mutex
	index    map[string]int // by id, in which turn it is published
	sent     []time.Time    // by turn; zero before it is published
	arrived  int
	messages map[string]int // turn by the sender's id of the message, as the door comes to know it
	failed   error          // why no event can ever be handled
	webhook  world
	queue    world
}

// world is what became of the events in one of them.
type world struct {
	commits  []int  // by turn: how often its handler committed
	done     []bool // by turn
	lost     []bool // by turn
	oldest   int    // all turns before it are done or lost
	finished int    // done
	gone     int    // lost and not done
	refused  int
	repeated int
	last     time.Time // when the newest was done
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

// publish notes that events are on their way: before they are sent, since they may be handled before the answer comes.
func (l *ledger) publish(from, to int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for turn := from; turn < to; turn++ {
		l.sent[turn] = time.Now()
	}
	l.arrived += to - from
}

// step notes what the service did in one of the worlds.
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
		return // it comes again
	}
	if w.done[turn] {
		return
	}
	w.done[turn], w.last = true, time.Now()
	if w.finished++; w.lost[turn] {
		w.gone-- // its sender has given it up, for its patience was shorter than the work
	}
}

// meet notes by which id its sender knows an event.
func (l *ledger) meet(message, event string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if turn, ours := l.index[event]; ours {
		l.messages[message] = turn
	}
}

// refuse notes that a delivery was refused.
func (l *ledger) refuse() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.webhook.refused++
}

// lose notes that its sender has given a message up.
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

// failure returns why no event can ever be handled; nil is none.
func (l *ledger) failure() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.failed
}

// sample returns the moment.
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
