// Package order combines the other services' decisions about an order. Events arrive in any order, some twice and
// some never; the order still ends in exactly one final state.
package order

import (
	"time"

	"example.com/troupe/events/checkout"
	"example.com/troupe/events/orders"
)

// State is the state of an order.
type State string

// The states. Cancelled and Shipped are final; Confirmed awaits its shipment.
const (
	Pending   State = "pending"
	Confirmed State = "confirmed"
	Shipped   State = "shipped"
	Cancelled State = "cancelled"
)

// Order is what is known about an order from the events so far.
type Order struct {
	ID         string                 `json:"orderId"`
	State      State                  `json:"state"`
	Reason     orders.CancelledReason `json:"reason,omitempty"` // why it will be cancelled
	CustomerID string                 `json:"customerId,omitempty"`
	Email      string                 `json:"email,omitempty"`
	Region     string                 `json:"region,omitempty"`
	Currency   string                 `json:"currency,omitempty"`
	TotalCents int                    `json:"totalCents,omitempty"`
	Lines      []checkout.OrderLine   `json:"lines,omitempty"`

	// An order is confirmed when all three are known.
	Placed   bool `json:"placed"`
	Paid     bool `json:"paid"`
	Reserved bool `json:"reserved"`

	History []Entry `json:"history"`
}

// Entry is an entry of an order's history.
type Entry struct {
	At    time.Time `json:"at"`
	Event string    `json:"event"` // event type
	Note  string    `json:"note,omitempty"`
}

// Key returns the document's key.
func (o *Order) Key() string { return "order/" + o.ID }

// place sets what the customer ordered.
func (o *Order) place(placed checkout.OrderPlaced) {
	o.Placed = true
	o.CustomerID, o.Email, o.Region = placed.CustomerID, placed.Email, placed.Region
	o.Currency, o.TotalCents, o.Lines = placed.Currency, placed.TotalCents, placed.Lines
}

// refuse records the first reason to cancel.
func (o *Order) refuse(reason orders.CancelledReason) {
	if o.State == Pending && o.Reason == "" {
		o.Reason = reason
	}
}

// advance advances a pending order as far as possible, and returns the events to publish. Nothing is decided before
// the order itself is known, because the events about its end contain the customer.
func (o *Order) advance() []orders.Event {
	switch {
	case o.State != Pending || !o.Placed:
		return nil
	case o.Reason != "":
		o.State = Cancelled
		return []orders.Event{o.cancelled()}
	case o.Paid && o.Reserved:
		o.State = Confirmed
		return []orders.Event{o.confirmed(), o.fulfilment()}
	}
	return nil
}
