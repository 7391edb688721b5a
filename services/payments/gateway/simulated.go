// Package gateway simulates a card processor. Replace it with your own client: the domain only needs payment.Gateway.
//
// The package is not internal, so that services/invariants can compare its records with what the orders cost.
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

// The card tokens that make the simulated gateway fail; any other card is charged.
const (
	TokenDeclined     = "tok_declined"     // refused: card_refused
	TokenInsufficient = "tok_insufficient" // refused: insufficient_funds
	TokenFlaky        = "tok_flaky"        // is charged, but the response to a process's first attempt is lost
	TokenBroken       = "tok_broken"       // fails at every attempt
	TokenDown         = "tok_down_until_"  // followed by a time in RFC 3339: fails until then, in every process
	TokenSlow         = "tok_slow_"        // followed by a duration: tok_slow_2s is charged after two seconds
)

// ErrUnavailable reports that the gateway did not respond. Try again with the same key.
var ErrUnavailable = errors.New("the payment gateway is unavailable")

// Simulated is a gateway that follows special card tokens. It has no storage: charges derive from their keys, so that
// a repeat gets the same result from any process.
type Simulated struct {
	mu       sync.Mutex
	tried    map[string]bool // keys, for TokenFlaky
	accounts map[string]*account
}

// Charge is a request to charge a card.
type Charge = payment.Charge

// account records what was done under one reference.
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

// Reset clears all records.
func (s *Simulated) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tried, s.accounts = map[string]bool{}, map[string]*account{}
}

// Charge behaves as the card's token requires.
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

// Cancel refunds what was charged under the reference, and refuses later charges under it.
func (s *Simulated) Cancel(_ context.Context, reference string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	account := s.account(reference)
	account.cancelled = true
	clear(account.charged)
	return nil
}

// Kept returns the cents that were charged under a reference and not refunded.
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

// Used reports whether the gateway was called.
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

// obey delays or fails if the token requires it.
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
