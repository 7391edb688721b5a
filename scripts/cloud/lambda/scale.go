package lambda

import (
	"context"
	"sync"
	"time"
)

// A mapping starts with a few concurrent batches and adds more while messages are left over (developer guide, "Lambda
// event poller scaling behavior for standard SQS queues": it starts with five and adds 300 per minute). Here all
// environments share one machine. More batches would split the same messages into smaller ones, contend for the same
// items and be about a fifth slower (measured with six services on two processors). So a mapping starts with two
// batches, adds one when the running ones are slow or messages wait long, and removes one when a batch isn't full.
const (
	firstBatches = 2
	growth       = time.Minute / 300 // minimum time between two additions, and how long all batches must be busy before one is added
	longWait     = 5 * time.Second   // of a message
)

// scale limits the number of concurrent batches of a mapping. Only its poller calls enter.
type scale struct {
	least, most int
	waiting     func() bool // reports whether messages are left over
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

// enter waits until another batch may begin. It returns false if the context ends.
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

// grow allows one more batch, unless one was added recently.
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

// adjust adjusts the limit after a receive: full reports whether the batch was full, waited how long its first message
// had waited. Batches in progress are not affected.
func (s *scale) adjust(full bool, waited time.Duration) {
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
