package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"

	"golang.org/x/time/rate"

	"example.com/troupe/events"
)

// door admits as many deliveries a second as the worker takes, and refuses the others with 503, as an application
// does that protects its database. The limit is the one that the worker behind the queue obeys.
type door struct {
	limiter *rate.Limiter
	url     string // where the twin takes events
	client  *http.Client
	ledger  *ledger
}

// burst is how many events may begin at once: the most that a worker's limit lets (services/kit/host), even where the
// worker itself gets fewer, so that deliveries in batches are not refused for coming together.
const burst = 10

func newDoor(capacity float64, address string, l *ledger) *door {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = transport.MaxIdleConns
	return &door{
		limiter: rate.NewLimiter(rate.Limit(capacity), burst), url: "http://" + address + "/events",
		client: &http.Client{Transport: transport}, ledger: l,
	}
}

// take takes one delivery of an event, which the sender knows as a message.
func (d *door) take(message string, body []byte) (status int) {
	envelope, err := events.Decode(body)
	if err != nil {
		return http.StatusBadRequest
	}
	d.ledger.meet(message, envelope.Metadata.ID)
	if !d.limiter.Allow() {
		d.ledger.refuse()
		return http.StatusServiceUnavailable
	}
	if err := d.work(body); err != nil {
		d.ledger.refuse()
		return http.StatusBadGateway
	}
	return http.StatusNoContent
}

// work has the twin handle the event.
func (d *door) work(body []byte) error {
	response, err := d.client.Post(d.url, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body) // so that the connection can be used again
	if response.StatusCode != http.StatusNoContent {
		return fmt.Errorf("the worker answered %d", response.StatusCode)
	}
	return nil
}
