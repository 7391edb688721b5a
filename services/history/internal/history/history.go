// Package history keeps what each service has said about an order. Events arrive in any order, so each sets its own
// part, and the state follows from all parts.
package history

import (
	"context"
	"time"

	"example.com/troupe/events/checkout"
	"example.com/troupe/events/orders"
	"example.com/troupe/events/warehouse"
	"example.com/troupe/services/kit/eventing"
)

// Order is what is known of an order so far.
type Order struct {
	ID         string                 `json:"orderId"`
	State      string                 `json:"state"` // placed, confirmed, shipped or cancelled
	CustomerID string                 `json:"customerId,omitempty"`
	PlacedAt   time.Time              `json:"placedAt,omitzero"`
	TotalCents int                    `json:"totalCents,omitempty"`
	Currency   string                 `json:"currency,omitempty"`
	Confirmed  bool                   `json:"confirmed,omitempty"`
	Reason     orders.CancelledReason `json:"reason,omitempty"`
	Carrier    string                 `json:"carrier,omitempty"`
	Tracking   string                 `json:"trackingNumber,omitempty"`
}

// Key returns the document's key.
func (o *Order) Key() string { return "order/" + o.ID }

// byTime is a time in UTC as text that is ordered as the times are: its length never differs.
const byTime = "2006-01-02T15:04:05.000Z"

// Indexes lets an order be found by its customer, in the order in which orders were placed. Until order.placed arrives
// nobody knows when that was, and the order is not found.
func (o *Order) Indexes() []eventing.Index {
	if o.PlacedAt.IsZero() {
		return nil
	}
	return []eventing.Index{{Name: "customer", Value: o.CustomerID, Order: o.PlacedAt.UTC().Format(byTime)}}
}

// Placed keeps who placed the order, when and for how much.
func Placed(ctx context.Context, tx *eventing.Tx, placed checkout.OrderPlaced) error {
	return change(ctx, tx, placed.OrderID, func(o *Order) {
		o.CustomerID, o.PlacedAt = placed.CustomerID, tx.Event().OccurredAt
		o.TotalCents, o.Currency = placed.TotalCents, placed.Currency
	})
}

// Confirmed keeps that the order is paid and in stock.
func Confirmed(ctx context.Context, tx *eventing.Tx, confirmed orders.OrderConfirmed) error {
	return change(ctx, tx, confirmed.OrderID, func(o *Order) { o.Confirmed = true })
}

// Cancelled keeps why the order was cancelled.
func Cancelled(ctx context.Context, tx *eventing.Tx, cancelled orders.OrderCancelled) error {
	return change(ctx, tx, cancelled.OrderID, func(o *Order) { o.Reason = cancelled.Reason })
}

// Dispatched keeps how to follow the parcel.
func Dispatched(ctx context.Context, tx *eventing.Tx, dispatched warehouse.ShipmentDispatched) error {
	return change(ctx, tx, dispatched.OrderID, func(o *Order) { o.Carrier, o.Tracking = dispatched.Carrier, dispatched.TrackingNumber })
}

// change changes one part of an order.
func change(ctx context.Context, tx *eventing.Tx, id string, set func(*Order)) error {
	order := &Order{ID: id}
	if _, err := tx.Load(ctx, order); err != nil {
		return err
	}
	set(order)
	order.State = order.state()
	tx.Save(order)
	return nil
}

// state returns how far the order is. It has one end: what is cancelled is not shipped.
func (o *Order) state() string {
	switch {
	case o.Reason != "":
		return "cancelled"
	case o.Tracking != "":
		return "shipped"
	case o.Confirmed:
		return "confirmed"
	default:
		return "placed"
	}
}
