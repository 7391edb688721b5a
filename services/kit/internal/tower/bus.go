package tower

import (
	"context"
	"errors"
	"sync"

	"example.com/troupe/events"
)

// Bus is a publisher that keeps what it publishes, or fails as told.
type Bus struct {
	mu        sync.Mutex
	Fail      error
	Published []events.Message
}

// SetFail lets publishing fail from now on, or no longer.
func (b *Bus) SetFail(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.Fail = err
}

// Check refuses whales.
func (b *Bus) Check(messages ...events.Message) error {
	for _, m := range messages {
		if m.Envelope.Metadata.Subject == "whale" {
			return errors.New("too large")
		}
	}
	return nil
}

// Publish keeps messages.
func (b *Bus) Publish(ctx context.Context, messages ...events.Message) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.Fail != nil {
		return b.Fail
	}
	b.Published = append(b.Published, messages...)
	return ctx.Err()
}

// IDs returns the ids of all that was published, in order.
func (b *Bus) IDs() (ids []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.Published {
		ids = append(ids, m.Envelope.Metadata.ID)
	}
	return ids
}
