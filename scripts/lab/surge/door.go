package main

import (
	"bytes"
	"io"
	"net/http"

	"example.com/troupe/events"
)

// door forwards deliveries to the twin and counts those that it refuses. The twin has the same rate as the worker
// behind the queue, and responds with 429 above it, like an application that protects its database.
type door struct {
	url    string // where the twin accepts events
	client *http.Client
	ledger *ledger
}

func newDoor(address string, l *ledger) *door {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = transport.MaxIdleConns
	return &door{url: "http://" + address + "/events", client: &http.Client{Transport: transport}, ledger: l}
}

// take forwards one delivery of an event, which the sender knows by a message ID, and returns the twin's status.
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
	_, _ = io.Copy(io.Discard, response.Body) // so that the connection can be reused
	return response.StatusCode
}
