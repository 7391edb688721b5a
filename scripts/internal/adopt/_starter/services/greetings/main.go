// Command greetings greets people on request.
package main

import (
	_ "embed"

	"example.com/troupe/services/greetings/internal/greeting"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/host"
)

//go:embed service.json
var manifest []byte

func main() {
	host.Main(manifest, func(rt *host.Runtime) error {
		rt.HandleUnit("POST /greetings", request)
		rt.Handle("GET /greetings/{id}", show)
		eventing.On(rt, greeting.Greet)
		return nil
	})
}
