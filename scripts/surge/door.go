package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"

	"golang.org/x/time/rate"

	"example.com/troupe/events"
)

// door admits as many deliveries a second as the warehouse takes, and refuses the others with 503, as an application
// does that protects its database. The limit is the one that the warehouse behind the queue obeys.
type door struct {
	limiter *rate.Limiter
	jobs    string // URL of the warehouse's route
	client  *http.Client
	ledger  *ledger
}

// burst is how many jobs may begin at once: the most that a worker's limit lets (services/kit/host), even where the
// worker itself gets fewer, so that deliveries in batches are not refused for coming together.
const burst = 10

func newDoor(capacity float64, address string, l *ledger) *door {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = transport.MaxIdleConns
	return &door{
		limiter: rate.NewLimiter(rate.Limit(capacity), burst), jobs: "http://" + address + "/jobs",
		client: &http.Client{Transport: transport}, ledger: l,
	}
}

func (d *door) take(message string, body []byte) (status int) {
	envelope, err := events.Decode(body)
	if err != nil {
		return http.StatusBadRequest
	}
	d.ledger.meet(message, envelope.Metadata.Subject)
	if !d.limiter.Allow() {
		d.ledger.refuse()
		return http.StatusServiceUnavailable
	}
	if err := d.work(message, body); err != nil {
		d.ledger.refuse()
		return http.StatusBadGateway
	}
	return http.StatusNoContent
}

// work has the warehouse do the job. SNS's id of the message is the same whenever it is delivered.
func (d *door) work(message string, body []byte) error {
	request, err := http.NewRequest(http.MethodPost, d.jobs, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", message)
	response, err := d.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body) // so that the connection can be used again
	if response.StatusCode != http.StatusNoContent {
		return fmt.Errorf("the warehouse answered %d", response.StatusCode)
	}
	return nil
}
