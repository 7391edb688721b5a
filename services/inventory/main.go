// Command inventory reserves and releases stock.
package main

import (
	_ "embed"

	"example.com/troupe/services/inventory/internal/stock"
	"example.com/troupe/services/inventory/opening"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/host"
)

//go:embed service.json
var manifest []byte

func main() {
	host.Main(manifest, func(rt *host.Runtime) error {
		pieces, err := opening.Stock()
		if err != nil {
			return err
		}
		shelf := &stock.Shelf{Opening: pieces}
		eventing.On(rt, shelf.Reserve)
		eventing.On(rt, shelf.Release)
		return nil
	})
}
