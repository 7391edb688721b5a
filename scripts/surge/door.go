package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"

	"example.com/troupe/events"
)

// door passes deliveries on to the warehouse that has no queue, which refuses what exceeds its rate with 429, as an
// application does that protects its database. SNS gets 503 for it, and tries again.
type door struct {
	events string // URL of the warehouse's route
	client *http.Client
	ledger *ledger
}

func newDoor(address string, l *ledger) *door {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = transport.MaxIdleConns
	return &door{events: "http://" + address + "/events", client: &http.Client{Transport: transport}, ledger: l}
}

func (d *door) take(message string, body []byte) (status int) {
	envelope, err := events.Decode(body)
	if err != nil {
		return http.StatusBadRequest
	}
	d.ledger.meet(message, envelope.Metadata.Subject)
	if err := d.work(body); err != nil {
		d.ledger.refuse()
		return http.StatusServiceUnavailable
	}
	return http.StatusNoContent
}

// work has the warehouse handle the event.
func (d *door) work(body []byte) error {
	response, err := d.client.Post(d.events, "application/json", bytes.NewReader(body))
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
