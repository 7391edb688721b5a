// Command warehouse ships confirmed orders, so many a second.
package main

import (
	_ "embed"

	"example.com/troupe/services/kit/host"
	"example.com/troupe/services/warehouse/wiring"
)

//go:embed service.json
var manifest []byte

func main() { host.Main(manifest, wiring.Wire, host.WithStore(wiring.Open)) }
