package lambda

import (
	"context"
	"sync"
	"time"
)

// A mapping begins with few batches at once, and adds one after another while messages are left over
// (developer guide, "Lambda event poller scaling behavior for standard SQS queues": five, and 300 a
// minute). Here all environments share one machine, where more of them take the same messages in smaller
// batches, meet each other at the same documents, and are slower: a fifth, for the six services on two
// processors. So it begins with two, adds one where those there are slow or messages wait long, and goes back
// when batches are not full.
const (
	firstBatches = 2
	growth       = time.Minute / 300 // from one more to the next; and how long none is free where they are slow
	longWait     = 5 * time.Second   // of a message
)

// scale is how many batches of a mapping may be handled at once. Only its poller enters.
type scale struct {
	least, most int
	waiting     func() bool // messages are left over
	freed       chan struct{}

	mu      sync.Mutex
	allowed int
	running int
	grown   time.Time
}

func newScale(most int, waiting func() bool) *scale {
	least := min(firstBatches, most)
	return &scale{least: least, most: most, waiting: waiting, freed: make(chan struct{}, 1), allowed: least}
}

// enter waits until another batch may begin, and tells whether the context lasts.
func (s *scale) enter(ctx context.Context) bool {
	for ctx.Err() == nil {
		if s.begin() {
			return true
		}
		timer := time.NewTimer(growth)
		select {
		case <-s.freed:
		case <-timer.C:
			s.grow()
		case <-ctx.Done():
		}
		timer.Stop()
	}
	return false
}

func (s *scale) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running == s.allowed {
		return false
	}
	s.running++
	return true
}

// grow allows a batch more, unless the last came just now.
func (s *scale) grow() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.allowed < s.most && time.Since(s.grown) >= growth && s.waiting() {
		s.allowed++
		s.grown = time.Now()
	}
}

// leave ends a batch.
func (s *scale) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
	select {
	case s.freed <- struct{}{}:
	default:
	}
}

// saw notes how much of a batch there was, and how long it had waited. What is under way goes on.
func (s *scale) saw(full bool, waited time.Duration) {
	switch {
	case !full:
		s.shrink()
	case waited > longWait:
		s.grow()
	}
}

func (s *scale) shrink() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.allowed = max(s.allowed-1, s.least, s.running)
}
