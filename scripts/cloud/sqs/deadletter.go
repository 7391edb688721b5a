package sqs

import (
	"fmt"
	"time"

	"example.com/localcloud/tap"
)

// deadLetterQueue returns the dead-letter queue of a queue whose mutex is held, or
// nil when it has none, or none any more: its messages then stay with it.
func (s *Service) deadLetterQueue(q *queue) *queue {
	if q.settings.redrive == nil {
		return nil
	}
	if target := s.queueOf(q.settings.redrive.DeadLetterTargetArn); target != q {
		return target
	}
	return nil
}

// bury moves messages that were received too often to the dead-letter queue. Each
// is there before it has left, so that it is nowhere at no time.
func (s *Service) bury(q *queue, spent []*message) {
	q.lock()
	target := s.deadLetterQueue(q)
	q.unlock()
	to := visible
	if target != nil {
		to = absent
		for _, m := range spent {
			target.inter(m, q)
		}
	}
	q.lock()
	defer q.unlock()
	for _, m := range spent {
		q.settle(m, to)
	}
}

// settle ends what was done to a message without the mutex, unless the queue was
// purged meanwhile.
func (q *queue) settle(m *message, to state) {
	if q.messages[m.id] == m {
		q.enter(m, to, time.Time{})
	}
}

// inter takes a message in from the queue that it died in. It keeps its id and, in
// a standard queue, its age.
func (q *queue) inter(dead *message, from *queue) {
	now := q.lock()
	defer q.unlock()
	if q.messages[dead.id] != nil {
		return // the process ended when it was here and had not left yet
	}
	m := dead.transfer(from.arn)
	if q.fifo {
		m.sent = now
	}
	q.tell(tap.DeadLettered, m, from.arn, fmt.Sprintf("received %d times", dead.receives-dead.before))
	q.add(m, now, now)
}
