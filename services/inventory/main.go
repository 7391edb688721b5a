// Command inventory reserves and releases stock.
package main

import (
	_ "embed"

	"example.com/troupe/services/inventory/wiring"
	"example.com/troupe/services/kit/host"
)

//go:embed service.json
var manifest []byte

func main() { host.Main(manifest, wiring.Wire) }
