// Package wiring puts inventory together.
package wiring

import (
	"example.com/troupe/services/inventory/internal/stock"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/host"
)

// Wire registers inventory's handlers.
func Wire(rt *host.Runtime) error {
	opening, err := stock.Opening()
	if err != nil {
		return err
	}
	shelf := &stock.Shelf{Opening: opening}
	eventing.On(rt, shelf.Reserve)
	eventing.On(rt, shelf.Release)
	return nil
}
