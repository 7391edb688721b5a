// Package gateway stands in for a card processor. Replace it by a client of yours:
// payment.Gateway is all that the domain asks for.
package gateway

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/events/payments"
	"example.com/troupe/services/payments/internal/payment"
)

// The card tokens that make the simulated gateway misbehave; every other one
// is charged.
const (
	TokenDeclined     = "tok_declined"     // refused: card_refused
	TokenInsufficient = "tok_insufficient" // refused: insufficient_funds
	TokenFlaky        = "tok_flaky"        // fails at the first try of a process, then is charged
	TokenBroken       = "tok_broken"       // fails at every try
	TokenDown         = "tok_down_until_"  // and a time of RFC 3339: fails until then, in every process
	TokenSlow         = "tok_slow_"        // and a duration: tok_slow_2s is charged after two seconds
)

// ErrUnavailable says that the gateway gave no answer; ask again with the same key.
var ErrUnavailable = errors.New("the payment gateway is unavailable")

// Simulated is a gateway that obeys magic card tokens. It remembers what it needs
// for its lifetime only: charges follow from their keys, so that a repeat gets the
// same answer from any process.
type Simulated struct {
	mu        sync.Mutex
	tried     map[string]bool // keys, for TokenFlaky
	cancelled map[string]bool // references
}

// New returns a simulated gateway.
func New() *Simulated {
	return &Simulated{tried: map[string]bool{}, cancelled: map[string]bool{}}
}

// Charge answers as the card's token says.
func (s *Simulated) Charge(ctx context.Context, charge payment.Charge) (payment.Decision, error) {
	if err := s.obey(ctx, charge); err != nil {
		return payment.Decision{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case charge.Token == TokenDeclined, s.cancelled[charge.Reference]:
		return payment.Decision{Refusal: payments.DeclinedReasonCardRefused}, nil
	case charge.Token == TokenInsufficient:
		return payment.Decision{Refusal: payments.DeclinedReasonInsufficientFunds}, nil
	default:
		return payment.Decision{PaymentID: "pay-" + events.DeriveID(charge.Key, "charge", 0)}, nil
	}
}

// Cancel remembers that nothing may be charged under the reference.
func (s *Simulated) Cancel(_ context.Context, reference string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cancelled[reference] = true
	return nil
}

// obey is slow or fails where the token asks for it.
func (s *Simulated) obey(ctx context.Context, charge payment.Charge) error {
	if text, slow := strings.CutPrefix(charge.Token, TokenSlow); slow {
		delay, err := time.ParseDuration(text)
		if err != nil {
			return fmt.Errorf("card token %q: %w", charge.Token, err)
		}
		return wait(ctx, delay)
	}
	if text, down := strings.CutPrefix(charge.Token, TokenDown); down {
		until, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return fmt.Errorf("card token %q: %w", charge.Token, err)
		}
		if time.Now().Before(until) {
			return ErrUnavailable
		}
	}
	if charge.Token == TokenBroken || charge.Token == TokenFlaky && s.first(charge.Key) {
		return ErrUnavailable
	}
	return nil
}

func (s *Simulated) first(key string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := !s.tried[key]
	s.tried[key] = true
	return first
}

func wait(ctx context.Context, delay time.Duration) error {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
