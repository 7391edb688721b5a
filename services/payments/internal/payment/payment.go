// Package payment decides about money: whether an order is charged, and that a
// cancelled one costs nothing.
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

// ErrCurrency says that the gateway takes no such money; asking again is no use.
var ErrCurrency = errors.New("unsupported currency")

// State is where the payment of an order stands.
type State string

// The states. Every one but Authorized is final.
const (
	Authorized State = "authorized"
	Declined   State = "declined"
	Refunded   State = "refunded"
	Voided     State = "voided" // the order was cancelled before it was charged
)

// Payment is the one payment of an order.
type Payment struct {
	OrderID     string `json:"orderId"`
	State       State  `json:"state"`
	PaymentID   string `json:"paymentId,omitempty"`
	AmountCents int    `json:"amountCents,omitempty"`
	Currency    string `json:"currency,omitempty"`
}

// Key is where the payment is stored.
func (p *Payment) Key() string { return "payment/" + p.OrderID }

// Desk decides about payments.
type Desk struct {
	Gateway    Gateway
	LimitCents int // the most that one order may cost
}

// Authorize decides whether a placed order may be charged. A refusal is an event,
// not an error: an error means "deliver it again".
func (d *Desk) Authorize(ctx context.Context, tx *eventing.Tx, placed checkout.OrderPlaced) error {
	payment := &Payment{OrderID: placed.OrderID}
	known, err := tx.Load(ctx, payment)
	switch {
	case err != nil:
		return err
	case known && payment.State == Voided:
		// An attempt before the cancellation may have charged the card and died
		// before it could say so.
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

// Refund undoes the payment of a cancelled order. Where the cancellation comes
// first, it leaves a mark, so that the order is never charged.
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
