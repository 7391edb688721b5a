package sqs

import (
	"context"
	"errors"
	"time"

	"example.com/localcloud/tap"
)

// Failure reasons of tasks, in AWS's words.
var (
	errNoSource      = errors.New("CouldNotDetermineMessageSource")
	errNoDestination = errors.New("AWS.SimpleQueueService.NonExistentQueue")
)

// run moves as many messages as there were at the start. A message that returns to the dead-letter queue meanwhile
// doesn't move in circles.
func (s *Service) run(ctx context.Context, t *moveTask) {
	for range t.toMove - t.moved {
		if t.pause(ctx) != nil {
			s.finish(t, moveCancelled, "")
			return
		}
		moved, err := s.moveOne(t)
		if err != nil {
			s.finish(t, moveFailed, err.Error())
			return
		}
		if !moved {
			break
		}
		s.mu.Lock()
		t.moved++
		s.keepMove(t)
		s.mu.Unlock()
	}
	s.finish(t, moveCompleted, "")
}

func (s *Service) finish(t *moveTask, status, failure string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closing.Err() != nil {
		return // it resumes when the service is restored
	}
	t.status, t.failure = status, failure
	s.keepMove(t)
}

func (t *moveTask) pause(ctx context.Context) error {
	if t.rate == 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(time.Second / time.Duration(t.rate))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// moveOne moves the first message, if there is one. The message is stored in the other queue before it is removed
// from this one.
func (s *Service) moveOne(t *moveTask) (moved bool, err error) {
	m := t.source.borrow()
	if m == nil {
		return false, nil
	}
	arn := t.destination
	if arn == "" {
		arn = m.source
	}
	to := s.queueOf(arn)
	if to == nil {
		t.source.giveBack(m, visible, "")
		if arn == "" {
			return false, errNoSource
		}
		return false, errNoDestination
	}
	to.readmit(m, t.source)
	t.source.giveBack(m, absent, "moved to "+to.arn)
	return true, nil
}

// borrow takes the first message without receiving it.
func (q *queue) borrow() *message {
	now := q.lock()
	defer q.unlock()
	g, ok := q.open.first()
	if !ok {
		return nil
	}
	m := g.visible.items[0]
	q.enter(m, inFlight, now.Add(time.Minute))
	q.untouch(m)
	return m
}

func (q *queue) giveBack(m *message, to state, note string) {
	q.lock()
	defer q.unlock()
	if to == absent {
		q.report(tap.Deleted, m, "", note)
	}
	q.settle(m, to)
}

// readmit adds a message from a dead-letter queue as a new one, as AWS does.
func (q *queue) readmit(m *message, from *queue) {
	now := q.lock()
	defer q.unlock()
	c := m.content
	c.from = from.arn
	fresh := newMessage(c, now)
	if q.fifo {
		fresh.sequence = q.orders + 1
	}
	q.accept(fresh, q.settings.delay, now)
}
