// Package wiring puts payments together.
package wiring

import (
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/host"
	"example.com/troupe/services/payments/internal/gateway"
	"example.com/troupe/services/payments/internal/payment"
)

// What a card processor is to payments, for whoever brings one of their own.
type (
	Gateway  = payment.Gateway
	Charge   = payment.Charge
	Decision = payment.Decision
)

// Wire registers the handlers of payments, which charge through the simulated gateway.
func Wire(rt *host.Runtime) error { return WireTo(rt, gateway.New()) }

// WireTo registers the handlers of payments, which charge through a gateway.
func WireTo(rt *host.Runtime, gateway Gateway) error {
	desk := &payment.Desk{Gateway: gateway, LimitCents: rt.ConfigInt("LIMIT_CENTS")}
	eventing.On(rt, desk.Authorize, eventing.DeadLetter(payment.ErrCurrency))
	eventing.On(rt, desk.Refund)
	return nil
}
