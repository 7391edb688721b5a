package order

import (
	"context"
	"errors"
	"time"

	"example.com/troupe/events/checkout"
	"example.com/troupe/events/inventory"
	"example.com/troupe/events/orders"
	"example.com/troupe/events/payments"
	"example.com/troupe/events/warehouse"
	"example.com/troupe/services/kit/eventing"
)

var (
	// ErrUnknown reports that an order does not exist, or not yet.
	ErrUnknown = errors.New("no such order")
	// ErrTooLate reports that an order is confirmed and can no longer be cancelled.
	ErrTooLate = errors.New("the order is confirmed already")
)

// Book keeps the orders.
type Book struct {
	Deadline time.Duration // how long the other services may take
}

// Placed opens an order and starts its deadline.
func (b *Book) Placed(ctx context.Context, tx *eventing.Tx, placed checkout.OrderPlaced) error {
	return b.record(ctx, tx, placed.OrderID, "", func(o *Order) {
		o.place(placed)
		if o.State == Pending && o.Reason == "" && !(o.Paid && o.Reserved) {
			tx.Remind(b.Deadline, orders.OrderDeadline{OrderID: o.ID})
		}
	})
}

// Authorized records that the order is paid.
func (b *Book) Authorized(ctx context.Context, tx *eventing.Tx, paid payments.PaymentAuthorized) error {
	return b.record(ctx, tx, paid.OrderID, paid.PaymentID, func(o *Order) { o.Paid = true })
}

// Declined cancels an order that can't be paid.
func (b *Book) Declined(ctx context.Context, tx *eventing.Tx, declined payments.PaymentDeclined) error {
	return b.record(ctx, tx, declined.OrderID, string(declined.Reason), func(o *Order) {
		o.refuse(orders.CancelledReasonPaymentDeclined)
	})
}

// Refunded records that a cancelled order was refunded.
func (b *Book) Refunded(ctx context.Context, tx *eventing.Tx, refunded payments.PaymentRefunded) error {
	return b.record(ctx, tx, refunded.OrderID, refunded.PaymentID, func(*Order) {})
}

// Reserved records that the order's stock is reserved.
func (b *Book) Reserved(ctx context.Context, tx *eventing.Tx, reserved inventory.StockReserved) error {
	return b.record(ctx, tx, reserved.OrderID, "", func(o *Order) { o.Reserved = true })
}

// Rejected cancels an order that can't be supplied.
func (b *Book) Rejected(ctx context.Context, tx *eventing.Tx, rejected inventory.StockRejected) error {
	return b.record(ctx, tx, rejected.OrderID, "", func(o *Order) {
		o.refuse(orders.CancelledReasonOutOfStock)
	})
}

// Released records that a cancelled order's stock was released.
func (b *Book) Released(ctx context.Context, tx *eventing.Tx, released inventory.StockReleased) error {
	return b.record(ctx, tx, released.OrderID, "", func(*Order) {})
}

// Dispatched records that a confirmed order was shipped.
func (b *Book) Dispatched(ctx context.Context, tx *eventing.Tx, dispatched warehouse.ShipmentDispatched) error {
	return b.record(ctx, tx, dispatched.OrderID, dispatched.TrackingNumber, func(o *Order) {
		if o.State == Confirmed {
			o.State = Shipped
		}
	})
}

// Expire cancels an order that was not decided in time.
func (b *Book) Expire(ctx context.Context, tx *eventing.Tx, deadline orders.OrderDeadline) error {
	return b.record(ctx, tx, deadline.OrderID, "", func(o *Order) {
		o.refuse(orders.CancelledReasonTimedOut)
	})
}

// RequestCancellation requests the cancellation of an order for its customer, and returns the order as it is. It
// changes nothing itself; it publishes a request to this service. A customer may not send a request again, but a
// message is redelivered, so the decision is certain to be made and published. Requesting twice is not an error;
// ErrTooLate and ErrUnknown are.
func (b *Book) RequestCancellation(ctx context.Context, tx *eventing.Tx, id string) (*Order, error) {
	order := &Order{ID: id}
	known, err := tx.Load(ctx, order)
	switch {
	case err != nil:
		return nil, err
	case !known:
		return nil, ErrUnknown
	case order.Reason == "" && order.State != Pending:
		return nil, ErrTooLate
	case order.Reason == "":
		tx.Publish(orders.CancellationRequested{OrderID: id})
	}
	return order, nil
}

// Cancel cancels an order at its customer's request, unless it is decided already. If the order is not known yet, it
// is cancelled once it is.
func (b *Book) Cancel(ctx context.Context, tx *eventing.Tx, asked orders.CancellationRequested) error {
	return b.record(ctx, tx, asked.OrderID, "", func(o *Order) {
		o.refuse(orders.CancelledReasonCancelledByCustomer)
	})
}

// record applies one event to its order, and advances the order.
func (b *Book) record(ctx context.Context, tx *eventing.Tx, id, note string, apply func(*Order)) error {
	order := &Order{ID: id}
	known, err := tx.Load(ctx, order)
	if err != nil {
		return err
	}
	if !known {
		order.State = Pending
	}
	apply(order)
	order.History = append(order.History, Entry{At: tx.Now(), Event: tx.Event().Type, Note: note})
	for _, event := range order.advance() {
		tx.Publish(event)
	}
	tx.Save(order)
	return nil
}
