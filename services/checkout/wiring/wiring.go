// Package wiring puts checkout together.
package wiring

import (
	"example.com/troupe/services/checkout/internal/api"
	"example.com/troupe/services/checkout/internal/catalogue"
	"example.com/troupe/services/checkout/internal/order"
	"example.com/troupe/services/kit/host"
)

// Wire registers checkout's routes.
func Wire(rt *host.Runtime) error {
	products, err := catalogue.Load()
	if err != nil {
		return err
	}
	desk := &order.Desk{Catalogue: products, Currency: products.Currency}
	rt.HandleUnit("POST /orders", api.PlaceOrder(desk))
	return nil
}
