package payment

import (
	"context"

	"example.com/troupe/events/payments"
)

// Gateway is a card processor. Both calls may be repeated: the same key has its
// effect once.
type Gateway interface {
	// Charge takes money. A refusal is a decision; an error means that nobody
	// knows, so ask again with the same key.
	Charge(ctx context.Context, charge Charge) (Decision, error)
	// Cancel gives back whatever was charged under the reference, and refuses what
	// would be charged under it later.
	Cancel(ctx context.Context, reference string) error
}

// Charge is a request for money.
type Charge struct {
	Key         string // idempotency key: the id of the event that caused it
	Reference   string // what it is for: the order's id
	Token       string // of the card
	AmountCents int
	Currency    string
}

// Decision is the gateway's answer: an id, or the reason of a refusal.
type Decision struct {
	PaymentID string
	Refusal   payments.DeclinedReason // empty where the charge was made
}
