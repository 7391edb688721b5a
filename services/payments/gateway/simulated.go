// Package gateway stands in for a card processor. Replace it by a client of yours:
// payment.Gateway is all that the domain asks for.
//
// It is not internal, so that package services/invariants can compare its book with what the orders cost.
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
	TokenFlaky        = "tok_flaky"        // is charged, but the answer to a process's first try is lost
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
	mu       sync.Mutex
	tried    map[string]bool // keys, for TokenFlaky
	accounts map[string]*account
}

// Charge is a request for money.
type Charge = payment.Charge

// account is what was done under one reference.
type account struct {
	charged   map[string]int // cents, by idempotency key
	cancelled bool
}

// Process is the gateway of this process. In the simulation all instances share it.
var Process = New()

// New returns a simulated gateway.
func New() *Simulated {
	s := &Simulated{}
	s.Reset()
	return s
}

// Reset forgets everything.
func (s *Simulated) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tried, s.accounts = map[string]bool{}, map[string]*account{}
}

// Charge answers as the card's token says.
func (s *Simulated) Charge(ctx context.Context, charge payment.Charge) (payment.Decision, error) {
	if err := s.obey(ctx, charge); err != nil {
		return payment.Decision{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	account := s.account(charge.Reference)
	switch {
	case charge.Token == TokenDeclined, account.cancelled:
		return payment.Decision{Refusal: payments.DeclinedReasonCardRefused}, nil
	case charge.Token == TokenInsufficient:
		return payment.Decision{Refusal: payments.DeclinedReasonInsufficientFunds}, nil
	}
	account.charged[charge.Key] = charge.AmountCents
	if charge.Token == TokenFlaky && !s.tried[charge.Key] {
		s.tried[charge.Key] = true
		return payment.Decision{}, ErrUnavailable
	}
	return payment.Decision{PaymentID: "pay-" + events.DeriveID(charge.Key, "charge", 0)}, nil
}

// Cancel gives back what was charged under the reference, and charges nothing under it from now on.
func (s *Simulated) Cancel(_ context.Context, reference string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	account := s.account(reference)
	account.cancelled = true
	clear(account.charged)
	return nil
}

// Kept returns the cents that were charged under a reference and not given back.
func (s *Simulated) Kept(reference string) (cents int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if account := s.accounts[reference]; account != nil {
		for _, amount := range account.charged {
			cents += amount
		}
	}
	return cents
}

// Used reports whether anything was asked of the gateway.
func (s *Simulated) Used() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.accounts) > 0
}

func (s *Simulated) account(reference string) *account {
	if s.accounts[reference] == nil {
		s.accounts[reference] = &account{charged: map[string]int{}}
	}
	return s.accounts[reference]
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
	if charge.Token == TokenBroken {
		return ErrUnavailable
	}
	return nil
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
