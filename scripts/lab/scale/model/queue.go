package model

import "slices"

// cohort is messages that fare alike.
type cohort struct {
	step     int // that handles them
	count    float64
	sent     float64 // when they came to the queue, in seconds
	due      float64 // when they can be received
	receives int
}

// queue holds messages in the order in which they can be received.
type queue struct {
	ready   []cohort
	hidden  []cohort // delayed and failed ones, by due
	waiting float64  // messages in both
}

// add adds messages. Those of the same step and the same moment become one cohort.
func (q *queue) add(c cohort, now float64) {
	if c.count <= 0 {
		return
	}
	q.waiting += c.count
	if c.due <= now {
		q.ready = append(q.ready, c)
		return
	}
	at, _ := slices.BinarySearchFunc(q.hidden, c.due, func(h cohort, due float64) int {
		if h.due <= due {
			return -1
		}
		return 1
	})
	q.hidden = slices.Insert(q.hidden, at, c)
}

// reveal makes hidden messages ready whose time has come.
func (q *queue) reveal(now float64) {
	n := 0
	for n < len(q.hidden) && q.hidden[n].due <= now {
		n++
	}
	q.ready = append(q.ready, q.hidden[:n]...)
	q.hidden = slices.Delete(q.hidden, 0, n)
}

// take removes messages from the head until they cost as much as there is, and returns them.
func (q *queue) take(budget float64, cost func(step int) float64) (taken []cohort) {
	n := 0
	for n < len(q.ready) && budget > 0 {
		c := &q.ready[n]
		part := *c
		if each := cost(c.step); each > 0 {
			part.count = min(c.count, budget/each)
			budget -= part.count * each
		}
		taken = append(taken, part)
		q.waiting -= part.count
		if c.count -= part.count; c.count > 1e-9 {
			break
		}
		n++
	}
	q.ready = q.ready[n:]
	if len(q.ready)+len(q.hidden) == 0 {
		q.waiting = 0 // without the rounding errors of many sums
	}
	return taken
}

// oldest returns the age of the oldest message, in seconds.
func (q *queue) oldest(now float64) (age float64) {
	for _, part := range [][]cohort{q.ready, q.hidden} {
		for _, c := range part {
			age = max(age, now-c.sent)
		}
	}
	return age
}

// work returns what the messages that are ready cost.
func (q *queue) work(cost func(step int) float64, enough float64) (total float64) {
	for _, c := range q.ready {
		if total += c.count * cost(c.step); total >= enough {
			return enough
		}
	}
	return total
}
