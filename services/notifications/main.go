// Command notifications tells customers how their orders end.
package main

import (
	_ "embed"

	"example.com/troupe/services/kit/host"
	"example.com/troupe/services/notifications/wiring"
)

//go:embed service.json
var manifest []byte

func main() { host.Main(manifest, wiring.Wire) }
