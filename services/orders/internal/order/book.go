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
	// ErrUnknown says that there is no such order, or not yet.
	ErrUnknown = errors.New("no such order")
	// ErrTooLate says that an order is confirmed and can't be cancelled any more.
	ErrTooLate = errors.New("the order is confirmed already")
)

// Book keeps the orders.
type Book struct {
	Deadline time.Duration // how long the others may take to answer
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

// Authorized notes that the order is paid.
func (b *Book) Authorized(ctx context.Context, tx *eventing.Tx, paid payments.PaymentAuthorized) error {
	return b.record(ctx, tx, paid.OrderID, paid.PaymentID, func(o *Order) { o.Paid = true })
}

// Declined ends an order that can't be paid.
func (b *Book) Declined(ctx context.Context, tx *eventing.Tx, declined payments.PaymentDeclined) error {
	return b.record(ctx, tx, declined.OrderID, string(declined.Reason), func(o *Order) {
		o.refuse(orders.CancelledReasonPaymentDeclined)
	})
}

// Refunded notes that a cancelled order's money went back.
func (b *Book) Refunded(ctx context.Context, tx *eventing.Tx, refunded payments.PaymentRefunded) error {
	return b.record(ctx, tx, refunded.OrderID, refunded.PaymentID, func(*Order) {})
}

// Reserved notes that the order's pieces are held for it.
func (b *Book) Reserved(ctx context.Context, tx *eventing.Tx, reserved inventory.StockReserved) error {
	return b.record(ctx, tx, reserved.OrderID, "", func(o *Order) { o.Reserved = true })
}

// Rejected ends an order that can't be supplied.
func (b *Book) Rejected(ctx context.Context, tx *eventing.Tx, rejected inventory.StockRejected) error {
	return b.record(ctx, tx, rejected.OrderID, "", func(o *Order) {
		o.refuse(orders.CancelledReasonOutOfStock)
	})
}

// Released notes that a cancelled order's pieces are back on the shelf.
func (b *Book) Released(ctx context.Context, tx *eventing.Tx, released inventory.StockReleased) error {
	return b.record(ctx, tx, released.OrderID, "", func(*Order) {})
}

// Dispatched notes that a confirmed order is on its way.
func (b *Book) Dispatched(ctx context.Context, tx *eventing.Tx, dispatched warehouse.ShipmentDispatched) error {
	return b.record(ctx, tx, dispatched.OrderID, dispatched.TrackingNumber, func(o *Order) {
		if o.State == Confirmed {
			o.State = Shipped
		}
	})
}

// Expire ends an order that nobody answered in time.
func (b *Book) Expire(ctx context.Context, tx *eventing.Tx, deadline orders.OrderDeadline) error {
	return b.record(ctx, tx, deadline.OrderID, "", func(o *Order) {
		o.refuse(orders.CancelledReasonTimedOut)
	})
}

// RequestCancellation lets an order end because its customer wants it so, and returns it as it is until then. The
// request says so to the service itself and changes nothing: a customer need not come again, a message does, and so
// what is decided is said, whatever happens. Asking twice is no error; ErrTooLate and ErrUnknown are.
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

// Cancel ends an order because its customer asked for it, unless it is decided meanwhile. One of which other events
// came first ends when it is known itself.
func (b *Book) Cancel(ctx context.Context, tx *eventing.Tx, asked orders.CancellationRequested) error {
	return b.record(ctx, tx, asked.OrderID, "", func(o *Order) {
		o.refuse(orders.CancelledReasonCancelledByCustomer)
	})
}

// record applies one event to the order that it is about, and lets the order
// advance.
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
	for _, fact := range order.advance() {
		tx.Publish(fact)
	}
	tx.Save(order)
	return nil
}
