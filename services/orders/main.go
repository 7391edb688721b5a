// Command orders combines the other services' decisions about an order, and shows orders.
package main

import (
	_ "embed"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/host"
	"example.com/troupe/services/orders/internal/api"
	"example.com/troupe/services/orders/internal/order"
)

//go:embed service.json
var manifest []byte

func main() {
	host.Main(manifest, func(rt *host.Runtime) error {
		book := &order.Book{Deadline: rt.ConfigDuration("DEADLINE")}
		eventing.On(rt, book.Placed)
		eventing.On(rt, book.Authorized)
		eventing.On(rt, book.Declined)
		eventing.On(rt, book.Refunded)
		eventing.On(rt, book.Reserved)
		eventing.On(rt, book.Rejected)
		eventing.On(rt, book.Released)
		eventing.On(rt, book.Dispatched)
		eventing.On(rt, book.Expire)
		eventing.On(rt, book.Cancel)
		rt.Handle("GET /orders/{id}", api.Show)
		rt.HandleUnit("DELETE /orders/{id}", api.Cancel(book))
		return nil
	})
}
