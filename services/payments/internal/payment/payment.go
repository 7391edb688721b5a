// Package payment decides whether an order is charged, and makes sure that a cancelled one costs nothing.
package payment

import (
	"context"
	"errors"
	"fmt"

	"example.com/troupe/events/checkout"
	"example.com/troupe/events/orders"
	"example.com/troupe/events/payments"
	"example.com/troupe/services/kit/eventing"
)

// ErrCurrency reports that the gateway doesn't support the currency. Retrying doesn't help.
var ErrCurrency = errors.New("unsupported currency")

// State is the state of an order's payment.
type State string

// The states. All but Authorized are final.
const (
	Authorized State = "authorized"
	Declined   State = "declined"
	Refunded   State = "refunded"
	Voided     State = "voided" // the order was cancelled before it was charged
)

// Payment is the payment of an order.
type Payment struct {
	OrderID     string `json:"orderId"`
	State       State  `json:"state"`
	PaymentID   string `json:"paymentId,omitempty"`
	AmountCents int    `json:"amountCents,omitempty"`
	Currency    string `json:"currency,omitempty"`
}

// Key returns the document's key.
func (p *Payment) Key() string { return "payment/" + p.OrderID }

// Desk decides about payments.
type Desk struct {
	Gateway    Gateway
	LimitCents int // the maximum for one order
}

// Authorize decides whether a placed order may be charged. A refusal is an event rather than an error: after an error
// the event is redelivered.
func (d *Desk) Authorize(ctx context.Context, tx *eventing.Tx, placed checkout.OrderPlaced) error {
	payment := &Payment{OrderID: placed.OrderID}
	known, err := tx.Load(ctx, payment)
	switch {
	case err != nil:
		return err
	case known && payment.State == Voided:
		// An attempt before the cancellation may have charged the card and crashed before it could record that.
		return d.Gateway.Cancel(ctx, placed.OrderID)
	case known:
		return nil
	}
	decision, err := d.decide(ctx, tx.Event().ID, placed)
	if err != nil {
		return fmt.Errorf("charge order %s: %w", placed.OrderID, err)
	}
	payment.AmountCents, payment.Currency = placed.TotalCents, placed.Currency
	if decision.Refusal != "" {
		payment.State = Declined
		tx.Publish(payments.PaymentDeclined{
			OrderID: placed.OrderID, Reason: decision.Refusal,
			AmountCents: placed.TotalCents, Currency: placed.Currency,
		})
	} else {
		payment.State, payment.PaymentID = Authorized, decision.PaymentID
		tx.Publish(payments.PaymentAuthorized{
			OrderID: placed.OrderID, PaymentID: decision.PaymentID,
			AmountCents: placed.TotalCents, Currency: placed.Currency,
		})
	}
	tx.Save(payment)
	return nil
}

func (d *Desk) decide(ctx context.Context, key string, placed checkout.OrderPlaced) (Decision, error) {
	if placed.Currency != "EUR" && placed.Currency != "USD" {
		return Decision{}, fmt.Errorf("%w: %s", ErrCurrency, placed.Currency)
	}
	if placed.TotalCents > d.LimitCents {
		return Decision{Refusal: payments.DeclinedReasonOverLimit}, nil
	}
	return d.Gateway.Charge(ctx, Charge{
		Key: key, Reference: placed.OrderID, Token: placed.CardToken,
		AmountCents: placed.TotalCents, Currency: placed.Currency,
	})
}

// Refund refunds the payment of a cancelled order. If the cancellation arrives first, Refund records it, so that the
// order is never charged.
func (d *Desk) Refund(ctx context.Context, tx *eventing.Tx, cancelled orders.OrderCancelled) error {
	payment := &Payment{OrderID: cancelled.OrderID}
	known, err := tx.Load(ctx, payment)
	if err != nil {
		return err
	}
	if known && payment.State != Authorized {
		return nil
	}
	if err := d.Gateway.Cancel(ctx, cancelled.OrderID); err != nil {
		return fmt.Errorf("refund order %s: %w", cancelled.OrderID, err)
	}
	payment.State = Voided
	if known {
		payment.State = Refunded
		tx.Publish(payments.PaymentRefunded{
			OrderID: payment.OrderID, PaymentID: payment.PaymentID,
			AmountCents: payment.AmountCents, Currency: payment.Currency,
		})
	}
	tx.Save(payment)
	return nil
}
