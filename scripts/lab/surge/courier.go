package main

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/pause"
	"example.com/troupe/scripts/internal/surge"
)

// courier posts events to the worker if their channel doesn't deliver over HTTP, and retries refused ones as SNS
// does.
type courier struct {
	take  func(id string, body []byte) (status int)
	lose  func(id string)
	retry surge.Retry

	slots   chan struct{} // one for each request in flight
	ctx     context.Context
	cancel  context.CancelFunc
	posting sync.WaitGroup
}

// postsAtOnce limits a burst to the connections that a machine has.
const postsAtOnce = 256

// newCourier starts a courier. The caller must close it.
func newCourier(d *door, lose func(id string), retry surge.Retry) *courier {
	p := &courier{take: d.take, lose: lose, retry: retry, slots: make(chan struct{}, postsAtOnce)}
	p.ctx, p.cancel = context.WithCancel(context.Background())
	return p
}

// post posts an event in the background.
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

// deliver retries until the event is accepted or the retries are used up.
func (p *courier) deliver(id string, body []byte) (taken bool) {
	for try := 0; try <= p.retry.Times; try++ {
		if try > 0 {
			pause.For(p.ctx, time.Duration(p.retry.Seconds*float64(time.Second)))
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
		case status >= 400 && status < 500 && status != http.StatusTooManyRequests: // a retry can't help
			return false
		}
	}
	return false
}

// Close gives up events that are still being delivered.
func (p *courier) Close() {
	p.cancel()
	p.posting.Wait()
}
