// Command payments charges orders and refunds cancelled ones.
package main

import (
	_ "embed"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/host"
	"example.com/troupe/services/payments/gateway"
	"example.com/troupe/services/payments/internal/payment"
)

//go:embed service.json
var manifest []byte

func main() {
	host.Main(manifest, func(rt *host.Runtime) error {
		desk := &payment.Desk{Gateway: gateway.Process, LimitCents: rt.ConfigInt("LIMIT_CENTS")}
		eventing.On(rt, desk.Authorize, eventing.DeadLetter(payment.ErrCurrency))
		eventing.On(rt, desk.Refund)
		return nil
	})
}
