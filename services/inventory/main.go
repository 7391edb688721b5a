// Command inventory reserves and releases stock.
package main

import (
	_ "embed"

	"example.com/troupe/services/internal/eventing"
	"example.com/troupe/services/internal/host"
	"example.com/troupe/services/inventory/internal/stock"
)

//go:embed service.json
var manifest []byte

func main() {
	host.Main(manifest, func(rt *host.Runtime) {
		shelf := &stock.Shelf{Opening: host.Must(stock.Opening())}
		eventing.On(rt, shelf.Reserve)
		eventing.On(rt, shelf.Release)
	})
}
