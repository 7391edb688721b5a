package gateway_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"example.com/troupe/events/payments"
	"example.com/troupe/services/payments/gateway"
	"example.com/troupe/services/payments/internal/payment"
)

func TestTokens(t *testing.T) {
	tests := []struct {
		token   string
		refusal payments.DeclinedReason
		errs    []bool // at the first attempt, the second, …
	}{
		{"tok_ok", "", []bool{false, false}},
		{gateway.TokenDeclined, payments.DeclinedReasonCardRefused, []bool{false}},
		{gateway.TokenInsufficient, payments.DeclinedReasonInsufficientFunds, []bool{false}},
		{gateway.TokenFlaky, "", []bool{true, false, false}},
		{gateway.TokenBroken, "", []bool{true, true, true}},
		{"tok_slow_soon", "", []bool{true}},
		{"tok_down_until_2001-01-01T00:00:00Z", "", []bool{false}},
		{"tok_down_until_9999-01-01T00:00:00Z", "", []bool{true, true}},
		{"tok_down_until_noon", "", []bool{true}},
	}
	for _, test := range tests {
		t.Run(test.token, func(t *testing.T) {
			g := gateway.New()
			for try, wantErr := range test.errs {
				decision, err := g.Charge(t.Context(), payment.Charge{Key: "k", Reference: "o-1", Token: test.token})
				if (err != nil) != wantErr || decision.Refusal != test.refusal {
					t.Errorf("try %d: %+v, %v; want refusal %q, error %v", try+1, decision, err, test.refusal, wantErr)
				}
			}
		})
	}
}

func TestSameKeySamePayment(t *testing.T) {
	charge := payment.Charge{Key: "k", Reference: "o-1", Token: "tok_ok"}
	first, err := gateway.New().Charge(t.Context(), charge)
	if err != nil {
		t.Fatal(err)
	}
	second, err := gateway.New().Charge(t.Context(), charge)
	if err != nil || first != second || first.PaymentID == "" {
		t.Errorf("another process answered %+v, %v; the first %+v", second, err, first)
	}
}

func TestCancelledIsNotCharged(t *testing.T) {
	g := gateway.New()
	if err := g.Cancel(t.Context(), "o-1"); err != nil {
		t.Fatal(err)
	}
	decision, err := g.Charge(t.Context(), payment.Charge{Key: "k", Reference: "o-1", Token: "tok_ok"})
	if err != nil || decision.Refusal == "" {
		t.Errorf("charged after the cancellation: %+v, %v", decision, err)
	}
}

func TestSlowObeysItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gateway.New()
		charge := payment.Charge{Key: "k", Reference: "o-1", Token: "tok_slow_2s"}
		start := time.Now()
		if _, err := g.Charge(t.Context(), charge); err != nil || time.Since(start) != 2*time.Second {
			t.Errorf("took %s, %v; want 2s", time.Since(start), err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := g.Charge(ctx, charge); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error = %v, want the context's", err)
		}
	})
}

func TestTheBook(t *testing.T) {
	g := gateway.New()
	if g.Used() {
		t.Error("a new gateway is used")
	}
	charge := payment.Charge{Key: "k", Reference: "o-1", Token: gateway.TokenFlaky, AmountCents: 500}
	for _, wantErr := range []bool{true, false, false} { // the first response is lost, but the charge is not
		if _, err := g.Charge(t.Context(), charge); (err != nil) != wantErr || g.Kept("o-1") != 500 {
			t.Errorf("%v, and %d cents are kept", err, g.Kept("o-1"))
		}
	}
	if err := g.Cancel(t.Context(), "o-1"); err != nil || g.Kept("o-1") != 0 || !g.Used() {
		t.Errorf("%v, and %d cents are kept after the cancellation", err, g.Kept("o-1"))
	}
	if g.Reset(); g.Used() {
		t.Error("it is used after it was reset")
	}
}
