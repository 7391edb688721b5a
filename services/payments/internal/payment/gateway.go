package payment

import (
	"context"

	"example.com/troupe/events/payments"
)

// Gateway is a card processor. Both calls are idempotent under the same key.
type Gateway interface {
	// Charge charges a card. A refusal is a decision; after an error the result is unknown, so try again with the
	// same key.
	Charge(ctx context.Context, charge Charge) (Decision, error)
	// Cancel refunds whatever was charged under the reference, and refuses later charges under it.
	Cancel(ctx context.Context, reference string) error
}

// Charge is a request to charge a card.
type Charge struct {
	Key         string // idempotency key: the ID of the event that caused it
	Reference   string // what is paid: the order's ID
	Token       string // the card's token
	AmountCents int
	Currency    string
}

// Decision is the gateway's decision: an ID, or the reason for a refusal.
type Decision struct {
	PaymentID string
	Refusal   payments.DeclinedReason // empty if the card was charged
}
