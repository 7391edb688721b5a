// Command checkout takes orders.
package main

import (
	_ "embed"

	"example.com/troupe/services/checkout/internal/api"
	"example.com/troupe/services/checkout/internal/catalogue"
	"example.com/troupe/services/checkout/internal/order"
	"example.com/troupe/services/kit/host"
)

//go:embed service.json
var manifest []byte

func main() {
	host.Main(manifest, func(rt *host.Runtime) error {
		products, err := catalogue.Load()
		if err != nil {
			return err
		}
		desk := &order.Desk{Catalogue: products, Currency: products.Currency}
		rt.HandleUnit("POST /orders", api.PlaceOrder(desk))
		return nil
	})
}
