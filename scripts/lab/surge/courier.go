package main

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/surge"
)

// courier brings events straight to the worker where their channel does not deliver over HTTP, and tries again what was
// refused, as SNS does.
type courier struct {
	take  func(id string, body []byte) (status int)
	lose  func(id string)
	retry surge.Retry

	slots   chan struct{} // one for each request under way
	ctx     context.Context
	cancel  context.CancelFunc
	posting sync.WaitGroup
}

// postsAtOnce keeps a burst within the connections that a machine has.
const postsAtOnce = 256

// newCourier returns a courier at work. Close it.
func newCourier(d *door, lose func(id string), retry surge.Retry) *courier {
	p := &courier{take: d.take, lose: lose, retry: retry, slots: make(chan struct{}, postsAtOnce)}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	return p
}

// post brings one event on its way.
func (p *courier) post(m events.Message) error {
	body, err := json.Marshal(m.Envelope)
	if err != nil {
		return err
	}
	p.posting.Go(func() {
		if !p.deliver(m.Envelope.Metadata.ID, body) && p.ctx.Err() == nil {
			p.lose(m.Envelope.Metadata.ID)
		}
	})
	return nil
}

// deliver tries until the event is taken or the retries are used up.
func (p *courier) deliver(id string, body []byte) (taken bool) {
	for try := 0; try <= p.retry.Times; try++ {
		if try > 0 {
			wait(p.ctx, time.Now().Add(time.Duration(p.retry.Seconds*float64(time.Second))))
		}
		select {
		case <-p.ctx.Done():
			return false
		case p.slots <- struct{}{}:
		}
		status := p.take(id, body)
		<-p.slots
		switch {
		case status < 300:
			return true
		case status >= 400 && status < 500 && status != http.StatusTooManyRequests: // another try can't mend it
			return false
		}
	}
	return false
}

// Close gives up what is on its way.
func (p *courier) Close() {
	p.cancel()
	p.posting.Wait()
}
