package invariants

import (
	"encoding/json"
	"fmt"
	"strings"

	"example.com/troupe/events"
)

// World is what is seen of a troupe.
type World struct {
	Published    []events.Envelope // events on the bus and topics, repeats included
	Acknowledged []string          // orders whose POST was answered with 202
	Poisoned     map[string]bool   // ids of events that break their contract on purpose

	Orders       map[string]Order       // by id
	Payments     map[string]Payment     // by order
	Reservations map[string]Reservation // by order
	Levels       map[string]Level       // by SKU; one that was never touched is not there
	Opening      map[string]int         // stock by SKU before the first order
	Shipments    map[string]int         // jobs of the warehouse by order

	DeadLetters []DeadLetter
	Waiting     []string // queues that are not empty, and what they hold
}

// Order is what the service orders keeps of one.
type Order struct {
	State      string `json:"state"` // "pending", "confirmed", "shipped", "cancelled"
	Reason     string `json:"reason"`
	Region     string `json:"region"`
	TotalCents int    `json:"totalCents"`
	Placed     bool   `json:"placed"`
}

// Payment is what payments keeps of an order.
type Payment struct {
	State       string `json:"state"` // "authorized", "declined", "refunded", "voided"
	AmountCents int    `json:"amountCents"`
}

// Reservation is what inventory keeps of an order.
type Reservation struct {
	State string `json:"state"` // "reserved", "rejected", "released", "voided"
	Lines []Line `json:"lines"`
}

// Line is so many pieces of a product.
type Line struct {
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
}

// Level is what inventory keeps of a product.
type Level struct {
	Free     int `json:"free"`
	Reserved int `json:"reserved"`
}

// DeadLetter is a message in a dead-letter queue.
type DeadLetter struct {
	Queue   string
	EventID string // "" where it holds no event
	Reason  string // for which it was dead-lettered; "" where it was received too often, or never delivered
}

// Document takes a document of a service's table into the world, by its key: "order/o-1", "stock/poster". One that no
// invariant is about is passed over.
func (w *World) Document(key string, body []byte) error {
	kind, id, _ := strings.Cut(key, "/")
	var err error
	switch kind {
	case "order":
		w.Orders, err = put(w.Orders, id, body)
	case "payment":
		w.Payments, err = put(w.Payments, id, body)
	case "reservation":
		w.Reservations, err = put(w.Reservations, id, body)
	case "stock":
		w.Levels, err = put(w.Levels, id, body)
	}
	if err != nil {
		return fmt.Errorf("read document %s: %w", key, err)
	}
	return nil
}

func put[T any](into map[string]T, id string, body []byte) (map[string]T, error) {
	if into == nil {
		into = map[string]T{}
	}
	var document T
	err := json.Unmarshal(body, &document)
	into[id] = document
	return into, err
}
