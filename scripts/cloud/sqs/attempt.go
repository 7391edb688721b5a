package sqs

import "time"

// attempt is what ReceiveMessage returned for a ReceiveRequestAttemptId.
type attempt struct {
	messages []Message
	due      time.Time // the end of their visibility timeout
}

// repeat returns the messages of an earlier attempt with the same id once more and begins their visibility timeout anew,
// if none of them has been deleted or hidden for another time since. Source: API reference, ReceiveMessage. A standard
// queue takes no notice of the id (awspring/spring-cloud-aws#529). The caller holds the mutex.
func (r *reception) repeat(now time.Time) bool {
	q := r.queue
	if r.in.ReceiveRequestAttemptId == "" || !q.fifo {
		return false
	}
	earlier, known := q.attempts.Find(r.in.ReceiveRequestAttemptId, now)
	if !known {
		return false
	}
	for _, sent := range earlier.messages {
		m := q.messages[sent.MessageId]
		if m == nil || m.state != inFlight || m.receipt(q.arn) != sent.ReceiptHandle || !m.due.Equal(earlier.due) {
			return false
		}
	}
	r.messages, earlier.due = earlier.messages, r.due(now)
	for _, sent := range earlier.messages {
		q.enter(q.messages[sent.MessageId], inFlight, earlier.due)
	}
	return true
}

// remember keeps what was received, so that it can be repeated. The caller holds the mutex.
func (r *reception) remember(now time.Time) {
	id := r.in.ReceiveRequestAttemptId
	if id == "" || !r.queue.fifo || len(r.messages) == 0 {
		return
	}
	if _, known := r.queue.attempts.Find(id, now); !known {
		r.queue.attempts.Remember(id, &attempt{r.messages, r.due(now)}, now)
	}
}

func (r *reception) due(now time.Time) time.Time {
	return now.Add(or(r.in.VisibilityTimeout, r.queue.settings.visibility))
}
