package main

import (
	"bytes"
	"io"
	"net/http"

	"example.com/troupe/events"
)

// door passes deliveries on to the twin, and counts those that it refuses. The twin obeys the limit of the worker behind
// the queue, and answers 429 above it, as an application does that protects its database.
type door struct {
	url    string // where the twin takes events
	client *http.Client
	ledger *ledger
}

func newDoor(address string, l *ledger) *door {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = transport.MaxIdleConns
	return &door{url: "http://" + address + "/events", client: &http.Client{Transport: transport}, ledger: l}
}

// take takes one delivery of an event, which the sender knows as a message, and returns the twin's answer.
func (d *door) take(message string, body []byte) (status int) {
	envelope, err := events.Decode(body)
	if err != nil {
		return http.StatusBadRequest
	}
	d.ledger.meet(message, envelope.Metadata.ID)
	if status = d.ask(body); status != http.StatusNoContent {
		d.ledger.refuse()
	}
	return status
}

func (d *door) ask(body []byte) (status int) {
	response, err := d.client.Post(d.url, "application/json", bytes.NewReader(body))
	if err != nil {
		return http.StatusBadGateway
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body) // so that the connection can be used again
	return response.StatusCode
}
