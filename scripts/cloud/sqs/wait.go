package sqs

import (
	"container/list"
	"context"
	"time"
)

// wake signals as many waiters as there are messages to be had, the longest
// waiting first, and sets the timer for the rest. A signal is no promise: a waiter
// that finds nothing waits again.
func (q *queue) wake() {
	if q.open.Len() > 0 {
		for range min(q.waiters.Len(), q.counts[visible]) {
			close(q.waiters.Remove(q.waiters.Front()).(chan struct{}))
		}
	}
	if q.waiters.Len() == 0 {
		return // the timer, if set, finds nobody
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

// release wakes everybody; the mutex is held.
func (q *queue) release() {
	for q.waiters.Len() > 0 {
		close(q.waiters.Remove(q.waiters.Front()).(chan struct{}))
	}
	if q.timer != nil {
		q.timer.Stop()
	}
}

// join makes the caller a waiter; the mutex is held.
func (q *queue) join() *list.Element { return q.waiters.PushBack(make(chan struct{})) }

// wait returns when there may be a message, at the end of the patience, or with
// the context's error.
func (q *queue) wait(ctx context.Context, waiter *list.Element, patience time.Duration) error {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-waiter.Value.(chan struct{}):
		return nil
	case <-timer.C:
	case <-ctx.Done():
	}
	q.lock()
	defer q.unlock() // and whoever is next gets what this one was woken for
	q.waiters.Remove(waiter)
	return ctx.Err()
}
