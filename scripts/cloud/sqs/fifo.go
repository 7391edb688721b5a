package sqs

import (
	"time"

	"example.com/localcloud/fifo"
)

func (m *message) sequenceNumber() string { return fifo.Sequence(m.sequence) }

// checkFIFO checks that a message has what a FIFO queue requires, and derives the deduplication id from the content
// if the queue says so. The caller holds the mutex.
func (q *queue) checkFIFO(c *content) error {
	if c.group == "" {
		return errMissing("MessageGroupId")
	}
	if c.dedup == "" {
		if !q.settings.contentDedup {
			return errInvalid("The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly")
		}
		c.dedup = fifo.ContentID(c.body)
	}
	return nil
}

func (q *queue) putFIFO(c content, delay time.Duration, now time.Time) (*message, error) {
	if err := q.checkFIFO(&c); err != nil {
		return nil, err
	}
	id := c.dedup
	if q.settings.dedupPerGroup {
		id = c.group + " " + c.dedup
	}
	if m, known := q.recent.Find(id, now); known {
		return m, nil
	}
	m := newMessage(c, now)
	m.sequence = q.orders + 1
	q.remember(id, m, now)
	return q.accept(m, delay, now), nil
}
