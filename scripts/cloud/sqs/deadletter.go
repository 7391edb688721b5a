package sqs

import (
	"fmt"
	"time"

	"example.com/localcloud/tap"
)

// deadLetterQueue returns the dead-letter queue of q, or nil if it has none or if that no longer exists; its messages
// then stay in q. The caller holds q's mutex.
func (s *Service) deadLetterQueue(q *queue) *queue {
	if q.settings.redrive == nil {
		return nil
	}
	if target := s.queueOf(q.settings.redrive.DeadLetterTargetArn); target != q {
		return target
	}
	return nil
}

// moveToDeadLetterQueue moves messages whose receive count is exhausted to the dead-letter queue. Each is stored there
// before it is removed here, so that it is never lost.
func (s *Service) moveToDeadLetterQueue(q *queue, exhausted []*message) {
	q.lock()
	target := s.deadLetterQueue(q)
	q.unlock()
	to := visible
	if target != nil {
		to = absent
		for _, m := range exhausted {
			target.addDeadLetter(m, q)
		}
	}
	q.lock()
	defer q.unlock()
	for _, m := range exhausted {
		q.settle(m, to)
	}
}

// settle finishes a change that was made to a message without the mutex, unless the queue was purged meanwhile.
func (q *queue) settle(m *message, to state) {
	if q.messages[m.id] == m {
		q.enter(m, to, time.Time{})
	}
}

// addDeadLetter adds a dead letter from another queue. The message keeps its id and, in a standard queue, its age.
func (q *queue) addDeadLetter(dead *message, from *queue) {
	now := q.lock()
	defer q.unlock()
	if q.messages[dead.id] != nil {
		return // the process ended after it arrived here and before it was removed there
	}
	m := dead.transfer(from.arn)
	if q.fifo {
		m.sent = now
	}
	q.report(tap.DeadLettered, m, from.arn, fmt.Sprintf("received %d times", dead.receives-dead.before))
	q.add(m, now, now)
}
