package sqs

import (
	"container/list"
	"context"
	"time"
)

// wake signals as many waiters as there are messages to receive, the longest waiting first, and sets the timer for
// the rest. A signal does not guarantee a message: a waiter that finds none waits again.
func (q *queue) wake() {
	if q.open.Len() > 0 {
		for range min(q.waiters.Len(), q.counts[visible]) {
			close(q.waiters.Remove(q.waiters.Front()).(chan struct{}))
		}
	}
	if q.waiters.Len() == 0 {
		return // if the timer is set, it will find nobody
	}
	if m, ok := q.agenda.first(); ok && !m.next.Equal(q.armed) {
		q.arm(m.next)
	}
}

func (q *queue) arm(at time.Time) {
	q.armed = at
	if q.timer == nil {
		q.timer = time.AfterFunc(time.Until(at), q.tick)
		return
	}
	q.timer.Reset(time.Until(at))
}

func (q *queue) tick() {
	q.mu.Lock()
	q.armed = time.Time{}
	q.advance(time.Now())
	q.unlock()
}

// release wakes all waiters. The caller holds the mutex.
func (q *queue) release() {
	for q.waiters.Len() > 0 {
		close(q.waiters.Remove(q.waiters.Front()).(chan struct{}))
	}
	if q.timer != nil {
		q.timer.Stop()
	}
}

// join adds the caller to the waiters. The caller holds the mutex.
func (q *queue) join() *list.Element { return q.waiters.PushBack(make(chan struct{})) }

// wait returns when there may be a message or the timeout has passed, or with the context's error.
func (q *queue) wait(ctx context.Context, waiter *list.Element, timeout time.Duration) error {
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	select {
	case <-waiter.Value.(chan struct{}):
		return nil
	case <-timer.C:
	case <-ctx.Done():
	}
	q.lock()
	defer q.unlock() // the next waiter gets what this one was woken for
	q.waiters.Remove(waiter)
	return ctx.Err()
}
