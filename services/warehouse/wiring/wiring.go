// Package wiring puts the warehouse together.
package wiring

import (
	"context"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/host"
	"example.com/troupe/services/kit/inbox"
	"example.com/troupe/services/kit/inbox/sqlstore"
	"example.com/troupe/services/warehouse/internal/dock"
	"example.com/troupe/services/warehouse/internal/jobs"
)

// Wire registers the warehouse's handler.
func Wire(rt *host.Runtime) error {
	shipping := &dock.Dock{
		Jobs:     jobs.Table{},
		Carriers: map[string]string{"eu": "kolibri", "us": "pelican"},
	}
	eventing.On(rt, shipping.Ship, eventing.DeadLetter(dock.ErrRegion))
	return nil
}

// Open opens the warehouse's database, with the table of jobs in it.
func Open(ctx context.Context, url string) (inbox.Driver, error) {
	return sqlstore.Opener(jobs.Schema)(ctx, url)
}
