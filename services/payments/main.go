// Command payments charges orders and refunds cancelled ones.
package main

import (
	_ "embed"

	"example.com/troupe/services/kit/host"
	"example.com/troupe/services/payments/wiring"
)

//go:embed service.json
var manifest []byte

func main() { host.Main(manifest, wiring.Wire) }
