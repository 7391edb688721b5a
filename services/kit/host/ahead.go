package host

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
)

// aheadTime bounds the read ahead: what takes longer is read by each unit of work for itself,
// which has a time-out of its own.
const aheadTime = 2 * time.Second

// readAhead reads for a batch of messages, with one call where the database can do so, what their
// units of work will read first: a call for each costs as much as the work itself.
func (c *consumer) readAhead(ctx context.Context, batch []message) {
	if c.ahead == nil {
		return
	}
	var at []int // in the batch
	var units []inbox.Expected
	for i, m := range batch {
		if about := m.envelope.Metadata; m.malformed == nil && c.handlers[about.Type].Contract != nil {
			at, units = append(at, i), append(units, inbox.Expected{Key: unitKey(about), Documents: c.habits.documents(about)})
		}
	}
	if len(units) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, aheadTime)
	defer cancel()
	aheads, err := c.ahead.ReadAhead(ctx, units)
	if err != nil {
		slog.WarnContext(ctx, "read ahead failed: each message reads for itself", "error", err)
		return
	}
	for i, ahead := range aheads {
		batch[at[i]].ahead = ahead
	}
}

// habits are the documents that a type of event is handled with, as far as their keys end with the
// event's subject: "order/" of "order/o-17". What was used for the last such event is expected
// of the next. A wrong guess costs a read.
type habits struct {
	mu       sync.Mutex
	prefixes map[string][]string // of keys, by type of event
}

func (h *habits) learn(about events.Metadata, changes []eventing.Change) {
	if about.Subject == "" || len(changes) == 0 {
		return
	}
	var prefixes []string
	for _, change := range changes {
		if prefix, ok := strings.CutSuffix(change.Key, about.Subject); ok {
			prefixes = append(prefixes, prefix)
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.prefixes == nil {
		h.prefixes = map[string][]string{}
	}
	h.prefixes[about.Type] = prefixes
}

func (h *habits) documents(about events.Metadata) (keys []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, prefix := range h.prefixes[about.Type] {
		keys = append(keys, prefix+about.Subject)
	}
	return keys
}
