package sns

import (
	"context"
	"sync"

	"example.com/localcloud/fifo"
)

// memory is what a FIFO topic remembers of its messages.
type memory struct {
	mu     sync.Mutex // held while a message is delivered, which keeps messages in order
	last   uint64     // the last sequence number given out
	recent fifo.Recent[*PublishOutput]
}

// checkFIFO checks that a message has what a FIFO topic requires, and derives the deduplication id from the content
// if the topic says so.
func (t *topic) checkFIFO(m *message) error {
	if m.group == "" {
		return errInvalid("The MessageGroupId parameter is required for FIFO topics")
	}
	if m.dedup == "" {
		if !t.contentDedup() {
			return errInvalid("The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly")
		}
		m.dedup = fifo.ContentID(m.text)
	}
	return nil
}

func (s *Service) publishFIFO(ctx context.Context, t *topic, m *message, from string) *PublishOutput {
	id := m.dedup
	if t.attributes["FifoThroughputScope"] == "MessageGroup" {
		id = m.group + " " + m.dedup
	}
	t.memory.mu.Lock()
	defer t.memory.mu.Unlock()
	if first, known := t.memory.recent.Find(id, m.at); known {
		return first
	}
	t.memory.last++
	m.sequence = fifo.Sequence(t.memory.last)
	out := &PublishOutput{MessageId: m.id, SequenceNumber: m.sequence}
	s.fanOut(ctx, t, m, from)
	s.remember(t, id, out, m.at)
	return out
}
