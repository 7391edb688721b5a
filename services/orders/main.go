// Command orders joins what the others decided, and shows orders.
package main

import (
	_ "embed"

	"example.com/troupe/services/kit/host"
	"example.com/troupe/services/orders/wiring"
)

//go:embed service.json
var manifest []byte

func main() { host.Main(manifest, wiring.Wire) }
