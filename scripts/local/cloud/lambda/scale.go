package lambda

import (
	"context"
	"time"
)

// A mapping begins with few batches at once, and adds one after another while messages are left over
// (developer guide, "Lambda event poller scaling behavior for standard SQS queues": five, and 300 a
// minute). It begins with two here, where all environments share one machine: more of them take the same
// messages in smaller batches, which costs more and is no faster.
const (
	firstBatches = 2
	growth       = time.Minute / 300
)

// scale is how many batches of a mapping may be handled at once. Only its poller enters.
type scale struct {
	slots   chan struct{} // one for each batch under way, and for each that is held back
	held    int
	backlog bool // the last batch was full
	grown   time.Time
}

func newScale(most int) *scale {
	s := &scale{slots: make(chan struct{}, most)}
	s.shrink()
	return s
}

// enter waits until another batch may begin, and tells whether the context lasts.
func (s *scale) enter(ctx context.Context) bool {
	for {
		select {
		case s.slots <- struct{}{}:
			return ctx.Err() == nil
		case <-s.due():
			s.held, s.grown = s.held-1, time.Now()
			<-s.slots
		case <-ctx.Done():
			return false
		}
	}
}

// due comes when there may be one batch more.
func (s *scale) due() <-chan time.Time {
	if !s.backlog || s.held == 0 {
		return nil
	}
	return time.After(growth - time.Since(s.grown))
}

func (s *scale) leave() { <-s.slots }

// saw notes how much of a batch there was.
func (s *scale) saw(messages, size int) {
	s.backlog = messages == size
	if messages == 0 {
		s.shrink()
	}
}

// shrink holds back all but the first batches, as far as they are not under way.
func (s *scale) shrink() {
	for s.held < cap(s.slots)-firstBatches {
		select {
		case s.slots <- struct{}{}:
			s.held++
		default:
			return
		}
	}
}
