// Package order joins what the others decided about an order. Its events arrive in
// any order, some of them twice, some never; the order still ends in exactly one
// final state.
package order

import (
	"time"

	"example.com/troupe/events/checkout"
	"example.com/troupe/events/orders"
)

// State is where an order stands.
type State string

// The states. Cancelled and Shipped are final; Confirmed awaits its shipment.
const (
	Pending   State = "pending"
	Confirmed State = "confirmed"
	Shipped   State = "shipped"
	Cancelled State = "cancelled"
)

// Order is what is known of an order, from whichever events have come so far.
type Order struct {
	ID         string                 `json:"orderId"`
	State      State                  `json:"state"`
	Reason     orders.CancelledReason `json:"reason,omitempty"` // why it is to be cancelled
	CustomerID string                 `json:"customerId,omitempty"`
	Email      string                 `json:"email,omitempty"`
	Region     string                 `json:"region,omitempty"`
	Currency   string                 `json:"currency,omitempty"`
	TotalCents int                    `json:"totalCents,omitempty"`
	Lines      []checkout.OrderLine   `json:"lines,omitempty"`

	// The join: an order is confirmed when all three are known.
	Placed   bool `json:"placed"`
	Paid     bool `json:"paid"`
	Reserved bool `json:"reserved"`

	History []Entry `json:"history"`
}

// Entry is one thing that happened to an order.
type Entry struct {
	At    time.Time `json:"at"`
	Event string    `json:"event"` // type of the event
	Note  string    `json:"note,omitempty"`
}

// Key is where the order is stored.
func (o *Order) Key() string { return "order/" + o.ID }

// place fills in what the customer ordered.
func (o *Order) place(placed checkout.OrderPlaced) {
	o.Placed = true
	o.CustomerID, o.Email, o.Region = placed.CustomerID, placed.Email, placed.Region
	o.Currency, o.TotalCents, o.Lines = placed.Currency, placed.TotalCents, placed.Lines
}

// refuse remembers the first reason not to go on.
func (o *Order) refuse(reason orders.CancelledReason) {
	if o.State == Pending && o.Reason == "" {
		o.Reason = reason
	}
}

// advance moves a pending order as far as what is known allows, and returns the
// events to say. Nothing is decided before the order itself is known: the events
// about its end carry the customer.
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
