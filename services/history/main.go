// Command history shows a customer's orders, newest first. It is a read model: what it keeps follows from the events of
// other services, and make rebuild makes it anew from the archive.
package main

import (
	_ "embed"

	"example.com/troupe/services/history/internal/history"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/host"
)

//go:embed service.json
var manifest []byte

func main() {
	host.Main(manifest, func(rt *host.Runtime) error {
		eventing.On(rt, history.Placed)
		eventing.On(rt, history.Confirmed)
		eventing.On(rt, history.Cancelled)
		eventing.On(rt, history.Dispatched)
		rt.Handle("GET /customers/{id}/orders", history.List)
		return nil
	})
}
