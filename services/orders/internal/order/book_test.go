package order_test

import (
	"context"
	"testing"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/events/checkout"
	"example.com/troupe/events/inventory"
	"example.com/troupe/events/orders"
	"example.com/troupe/events/payments"
	"example.com/troupe/events/warehouse"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/eventingtest"
	"example.com/troupe/services/orders/internal/order"
)

var (
	book   = &order.Book{Deadline: 10 * time.Minute}
	placed = checkout.OrderPlaced{
		OrderID: "o-1", CustomerID: "c-1", Email: "ann@example.com", Region: "eu",
		Currency: "EUR", TotalCents: 1900, Lines: []checkout.OrderLine{{SKU: "poster", Quantity: 1, UnitPriceCents: 1900}},
	}
	confirmed  = orders.OrderConfirmed{OrderID: "o-1", CustomerID: "c-1", Email: "ann@example.com", Region: "eu", TotalCents: 1900, Currency: "EUR"}
	fulfilment = orders.FulfilmentRequested{OrderID: "o-1", Region: "eu", Lines: []orders.FulfilmentLine{{SKU: "poster", Quantity: 1}}}
	deadline   = eventingtest.Remind(10*time.Minute, orders.OrderDeadline{OrderID: "o-1"})

	onPlaced = step{eventingtest.Hear(book.Placed, placed), "order.placed.v1", "", func(o *order.Order) {
		o.Placed, o.CustomerID, o.Email, o.Region = true, placed.CustomerID, placed.Email, placed.Region
		o.Currency, o.TotalCents, o.Lines = placed.Currency, placed.TotalCents, placed.Lines
	}}
	onAuthorized = step{
		eventingtest.Hear(book.Authorized, payments.PaymentAuthorized{OrderID: "o-1", PaymentID: "pay-1"}),
		"payment.authorized.v1", "pay-1", func(o *order.Order) { o.Paid = true },
	}
	onDeclined = step{
		eventingtest.Hear(book.Declined, payments.PaymentDeclined{OrderID: "o-1", Reason: payments.DeclinedReasonCardRefused}),
		"payment.declined.v1", "card_refused", nil,
	}
	onRefunded = step{
		eventingtest.Hear(book.Refunded, payments.PaymentRefunded{OrderID: "o-1", PaymentID: "pay-1"}),
		"payment.refunded.v1", "pay-1", nil,
	}
	onReserved = step{
		eventingtest.Hear(book.Reserved, inventory.StockReserved{OrderID: "o-1"}),
		"stock.reserved.v1", "", func(o *order.Order) { o.Reserved = true },
	}
	onRejected   = step{eventingtest.Hear(book.Rejected, inventory.StockRejected{OrderID: "o-1"}), "stock.rejected.v1", "", nil}
	onReleased   = step{eventingtest.Hear(book.Released, inventory.StockReleased{OrderID: "o-1"}), "stock.released.v1", "", nil}
	onDispatched = step{
		eventingtest.Hear(book.Dispatched, warehouse.ShipmentDispatched{OrderID: "o-1", TrackingNumber: "KO1"}),
		"shipment.dispatched.v1", "KO1", nil,
	}
	onDeadline = step{eventingtest.Hear(book.Expire, orders.OrderDeadline{OrderID: "o-1"}), "order.deadline.v1", "", nil}
	cancel     = step{eventingtest.Hear(book.Cancel, orders.CancellationRequested{OrderID: "o-1"}), "cancellation.requested.v1", "", nil}
)

// step is an event of an order, and the expected result.
type step struct {
	unit  eventingtest.Unit
	event string
	note  string
	mark  func(*order.Order)
}

func cancelled(reason orders.CancelledReason) orders.OrderCancelled {
	return orders.OrderCancelled{OrderID: "o-1", CustomerID: "c-1", Email: "ann@example.com", Reason: reason}
}

// TestJoin follows the paths of an order: the events before, the next event, and the expected state.
func TestJoin(t *testing.T) {
	type steps = []step
	tests := []struct {
		name   string
		after  steps
		when   step
		then   []events.Event
		state  order.State
		reason orders.CancelledReason
	}{
		{"the order comes first", nil, onPlaced, []events.Event{deadline}, order.Pending, ""},
		{"money, then stock", steps{onPlaced, onAuthorized}, onReserved, []events.Event{confirmed, fulfilment}, order.Confirmed, ""},
		{"stock, then money", steps{onPlaced, onReserved}, onAuthorized, []events.Event{confirmed, fulfilment}, order.Confirmed, ""},
		{"the order comes last", steps{onReserved, onAuthorized}, onPlaced, []events.Event{confirmed, fulfilment}, order.Confirmed, ""},
		{"money alone does not do", steps{onPlaced}, onAuthorized, nil, order.Pending, ""},
		{"stock alone does not do", steps{onPlaced}, onReserved, nil, order.Pending, ""},
		{"the shipment ends it", steps{onPlaced, onAuthorized, onReserved}, onDispatched, nil, order.Shipped, ""},

		{"no money", steps{onPlaced, onReserved}, onDeclined, []events.Event{cancelled(orders.CancelledReasonPaymentDeclined)}, order.Cancelled, orders.CancelledReasonPaymentDeclined},
		{"no stock", steps{onPlaced, onAuthorized}, onRejected, []events.Event{cancelled(orders.CancelledReasonOutOfStock)}, order.Cancelled, orders.CancelledReasonOutOfStock},
		{"no money is known before the order is", nil, onDeclined, nil, order.Pending, orders.CancelledReasonPaymentDeclined},
		{"an order known to be hopeless", steps{onDeclined}, onPlaced, []events.Event{cancelled(orders.CancelledReasonPaymentDeclined)}, order.Cancelled, orders.CancelledReasonPaymentDeclined},
		{"neither money nor stock: the first reason stands", steps{onPlaced, onRejected}, onDeclined, nil, order.Cancelled, orders.CancelledReasonOutOfStock},
		{"money after the cancellation", steps{onPlaced, onRejected}, onAuthorized, nil, order.Cancelled, orders.CancelledReasonOutOfStock},
		{"stock after the cancellation", steps{onPlaced, onDeclined}, onReserved, nil, order.Cancelled, orders.CancelledReasonPaymentDeclined},
		{"money goes back", steps{onPlaced, onAuthorized, onRejected}, onRefunded, nil, order.Cancelled, orders.CancelledReasonOutOfStock},
		{"stock goes back", steps{onPlaced, onReserved, onDeclined}, onReleased, nil, order.Cancelled, orders.CancelledReasonPaymentDeclined},

		{"nobody answers", steps{onPlaced}, onDeadline, []events.Event{cancelled(orders.CancelledReasonTimedOut)}, order.Cancelled, orders.CancelledReasonTimedOut},
		{"one does not answer", steps{onPlaced, onReserved}, onDeadline, []events.Event{cancelled(orders.CancelledReasonTimedOut)}, order.Cancelled, orders.CancelledReasonTimedOut},
		{"a deadline of a confirmed order", steps{onPlaced, onAuthorized, onReserved}, onDeadline, nil, order.Confirmed, ""},
		{"a deadline of a cancelled order", steps{onPlaced, onDeclined}, onDeadline, nil, order.Cancelled, orders.CancelledReasonPaymentDeclined},

		{"the customer changes her mind", steps{onPlaced, onAuthorized}, cancel, []events.Event{cancelled(orders.CancelledReasonCancelledByCustomer)}, order.Cancelled, orders.CancelledReasonCancelledByCustomer},
		{"she does before the order is known", steps{onReserved}, cancel, nil, order.Pending, orders.CancelledReasonCancelledByCustomer},
		{"then it is known", steps{onReserved, cancel}, onPlaced, []events.Event{cancelled(orders.CancelledReasonCancelledByCustomer)}, order.Cancelled, orders.CancelledReasonCancelledByCustomer},
		{"she does too late", steps{onPlaced, onAuthorized, onReserved}, cancel, nil, order.Confirmed, ""},
		{"she does twice", steps{onPlaced, cancel}, cancel, nil, order.Cancelled, orders.CancelledReasonCancelledByCustomer},
		{"money after she did", steps{onPlaced, cancel}, onAuthorized, nil, order.Cancelled, orders.CancelledReasonCancelledByCustomer},
	}
	var cases []eventingtest.Case
	for _, test := range tests {
		want := &order.Order{ID: "o-1", State: test.state, Reason: test.reason}
		for _, s := range append(test.after, test.when) {
			want.History = append(want.History, order.Entry{At: eventingtest.Now, Event: s.event, Note: s.note})
			if s.mark != nil {
				s.mark(want)
			}
		}
		cases = append(cases, eventingtest.Case{
			Name: test.name, After: units(test.after), When: test.when.unit,
			Then: test.then, State: []eventing.Document{want},
		})
	}
	eventingtest.Run(t, cases)
}

func units(steps []step) (units []eventingtest.Unit) {
	for _, s := range steps {
		units = append(units, s.unit)
	}
	return units
}

func TestRequestCancellation(t *testing.T) {
	request := eventingtest.Do(func(ctx context.Context, tx *eventing.Tx) error {
		_, err := book.RequestCancellation(ctx, tx, "o-1")
		return err
	})
	requested := []events.Event{orders.CancellationRequested{OrderID: "o-1"}}
	tests := []struct {
		name  string
		after []step
		then  []events.Event
		err   error
	}{
		{"an unknown order", nil, nil, order.ErrUnknown},
		{"an order", []step{onPlaced}, requested, nil},
		{"before the order is known", []step{onReserved}, requested, nil},
		{"twice", []step{onPlaced, cancel}, nil, nil},
		{"of one that ended otherwise", []step{onPlaced, onDeclined}, nil, nil},
		{"too late", []step{onPlaced, onAuthorized, onReserved}, nil, order.ErrTooLate},
	}
	var cases []eventingtest.Case
	for _, test := range tests {
		cases = append(cases, eventingtest.Case{Name: test.name, After: units(test.after), When: request, Then: test.then, Err: test.err})
	}
	eventingtest.Run(t, cases)
}
