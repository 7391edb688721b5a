package simulation

import (
	"context"

	"example.com/troupe/events/payments"
	wiring "example.com/troupe/services/payments/wiring"
)

// ledger is the card processor's own book: it outlives every process of payments.
type ledger struct {
	world    *world
	payments map[string]*charged // by reference: the order's id
}

// charged is what was taken for one order, and given back.
type charged struct {
	keys      map[string]int // cents captured, by idempotency key
	refunded  int            // cents
	cancelled bool
	tries     int
}

func (c *charged) captured() (cents int) {
	for _, n := range c.keys {
		cents += n
	}
	return cents
}

func (l *ledger) of(reference string) *charged {
	if l.payments[reference] == nil {
		l.payments[reference] = &charged{keys: map[string]int{}}
	}
	return l.payments[reference]
}

// gateway is the card processor as an instance of payments reaches it. It obeys the card tokens
// that the simulated gateway of payments documents.
type gateway struct {
	ledger *ledger
	from   *instance
}

// Charge takes money, once a key.
func (g *gateway) Charge(ctx context.Context, charge wiring.Charge) (decision wiring.Decision, err error) {
	err = g.ledger.world.call(ctx, g.from, "Charge", charge.Reference, func() error {
		decision, err = g.ledger.of(charge.Reference).charge(charge)
		return err
	})
	return decision, err
}

func (c *charged) charge(charge wiring.Charge) (wiring.Decision, error) {
	c.tries++
	switch {
	case charge.Token == tokenBroken, charge.Token == tokenFlaky && c.tries == 1:
		return wiring.Decision{}, errUnavailable
	case charge.Token == tokenDeclined, c.cancelled:
		return wiring.Decision{Refusal: payments.DeclinedReasonCardRefused}, nil
	}
	c.keys[charge.Key] = charge.AmountCents
	return wiring.Decision{PaymentID: "pay-" + charge.Key}, nil
}

// Cancel gives back whatever was taken, and takes nothing more.
func (g *gateway) Cancel(ctx context.Context, reference string) error {
	return g.ledger.world.call(ctx, g.from, "Cancel", reference, func() error {
		c := g.ledger.of(reference)
		c.cancelled, c.refunded = true, c.captured()
		return nil
	})
}
