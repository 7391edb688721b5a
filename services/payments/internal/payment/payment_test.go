package payment_test

import (
	"context"
	"errors"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/events/checkout"
	"example.com/troupe/events/orders"
	"example.com/troupe/events/payments"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/eventingtest"
	"example.com/troupe/services/payments/internal/payment"
)

var errDown = errors.New("gateway down")

// gateway responds as the test requires, and refuses unexpected calls.
type gateway struct {
	decision payment.Decision
	err      error
	wantKey  string // of a charge
	ref      string // that may be cancelled
}

func (g gateway) Charge(_ context.Context, charge payment.Charge) (payment.Decision, error) {
	if charge.Key != g.wantKey || charge.Reference != "o-1" || charge.AmountCents != 1900 {
		return payment.Decision{}, errors.New("unexpected charge")
	}
	return g.decision, g.err
}

func (g gateway) Cancel(_ context.Context, reference string) error {
	if reference != g.ref {
		return errors.New("unexpected cancellation")
	}
	return g.err
}

func TestDesk(t *testing.T) {
	placed := checkout.OrderPlaced{OrderID: "o-1", Currency: "EUR", CardToken: "tok_ok", TotalCents: 1900}
	dear := placed
	dear.TotalCents = 50_001
	foreign := placed
	foreign.Currency = "XTS"
	cancelled := orders.OrderCancelled{OrderID: "o-1"}
	refused := payment.Decision{Refusal: payments.DeclinedReasonCardRefused}
	authorized := payment.Payment{OrderID: "o-1", State: payment.Authorized, PaymentID: "pay-1", AmountCents: 1900, Currency: "EUR"}
	with := func(p payment.Payment, state payment.State) []eventing.Document {
		p.State = state
		return []eventing.Document{&p}
	}
	declined := payment.Payment{OrderID: "o-1", State: payment.Declined, AmountCents: 1900, Currency: "EUR"}
	bare := payment.Payment{OrderID: "o-1"}
	desk := func(g gateway) *payment.Desk {
		g.wantKey = eventingtest.EventID
		return &payment.Desk{Gateway: g, LimitCents: 50_000}
	}
	approving := desk(gateway{decision: payment.Decision{PaymentID: "pay-1"}})
	cancelling := desk(gateway{ref: "o-1"})
	untouched := desk(gateway{err: errDown})

	eventingtest.Run(t, []eventingtest.Case{
		{
			Name:  "an order is charged",
			When:  eventingtest.Hear(approving.Authorize, placed),
			Then:  []events.Event{payments.PaymentAuthorized{OrderID: "o-1", PaymentID: "pay-1", AmountCents: 1900, Currency: "EUR"}},
			State: with(authorized, payment.Authorized),
		},
		{
			Name: "a refusal is an event",
			When: eventingtest.Hear(desk(gateway{decision: refused}).Authorize, placed),
			Then: []events.Event{payments.PaymentDeclined{
				OrderID: "o-1", Reason: payments.DeclinedReasonCardRefused, AmountCents: 1900, Currency: "EUR",
			}},
			State: with(declined, payment.Declined),
		},
		{
			Name: "an order that is too expensive never reaches the gateway",
			When: eventingtest.Hear(untouched.Authorize, dear),
			Then: []events.Event{payments.PaymentDeclined{
				OrderID: "o-1", Reason: payments.DeclinedReasonOverLimit, AmountCents: 50_001, Currency: "EUR",
			}},
			State: []eventing.Document{&payment.Payment{OrderID: "o-1", State: payment.Declined, AmountCents: 50_001, Currency: "EUR"}},
		},
		{
			Name: "retrying doesn't help with an unknown currency",
			When: eventingtest.Hear(untouched.Authorize, foreign),
			Err:  payment.ErrCurrency,
		},
		{
			Name: "a gateway without a response is tried again",
			When: eventingtest.Hear(untouched.Authorize, placed),
			Err:  errDown,
		},
		{
			Name:  "the same order placed twice is charged once",
			Given: with(authorized, payment.Authorized),
			When:  eventingtest.Hear(untouched.Authorize, placed),
		},
		{
			Name:  "an order cancelled before it was charged is not charged, and what a crashed attempt charged is refunded",
			Given: with(bare, payment.Voided),
			When:  eventingtest.Hear(cancelling.Authorize, placed),
		},
		{
			Name:  "a cancelled order is refunded",
			Given: with(authorized, payment.Authorized),
			When:  eventingtest.Hear(cancelling.Refund, cancelled),
			Then:  []events.Event{payments.PaymentRefunded{OrderID: "o-1", PaymentID: "pay-1", AmountCents: 1900, Currency: "EUR"}},
			State: with(authorized, payment.Refunded),
		},
		{
			Name:  "a cancellation that arrives first is recorded",
			When:  eventingtest.Hear(cancelling.Refund, cancelled),
			State: with(bare, payment.Voided),
		},
		{
			Name:  "nothing is refunded twice",
			Given: with(authorized, payment.Refunded),
			When:  eventingtest.Hear(untouched.Refund, cancelled),
		},
		{
			Name:  "a declined payment needs no refund",
			Given: with(declined, payment.Declined),
			When:  eventingtest.Hear(untouched.Refund, cancelled),
		},
		{
			Name:  "a refund that fails is tried again",
			Given: with(authorized, payment.Authorized),
			When:  eventingtest.Hear(desk(gateway{ref: "o-1", err: errDown}).Refund, cancelled),
			Err:   errDown,
		},
	})
}
