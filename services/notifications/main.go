// Command notifications notifies customers how their orders end.
package main

import (
	_ "embed"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/host"
	"example.com/troupe/services/notifications/internal/notification"
)

//go:embed service.json
var manifest []byte

func main() {
	host.Main(manifest, func(rt *host.Runtime) error {
		desk := &notification.Desk{}
		eventing.On(rt, desk.Confirmed)
		eventing.On(rt, desk.Cancelled)
		eventing.On(rt, desk.Dispatched)
		return nil
	})
}
