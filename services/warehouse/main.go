// Command warehouse ships confirmed orders at a limited rate.
package main

import (
	_ "embed"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/host"
	"example.com/troupe/services/kit/inbox/sqlstore"
	"example.com/troupe/services/warehouse/internal/dock"
	"example.com/troupe/services/warehouse/internal/jobs"
)

//go:embed service.json
var manifest []byte

func main() {
	host.Main(manifest, func(rt *host.Runtime) error {
		shipping := &dock.Dock{Jobs: jobs.Table{}, Carriers: map[string]string{"eu": "kolibri", "us": "pelican"}}
		eventing.On(rt, shipping.Ship, eventing.DeadLetter(dock.ErrRegion))
		return nil
	}, host.WithStore(sqlstore.Opener(jobs.Schema)))
}
