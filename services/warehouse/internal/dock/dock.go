// Package dock ships orders. It represents a stateful legacy application: its jobs are rows in its own database.
package dock

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/events/orders"
	"example.com/troupe/events/warehouse"
	"example.com/troupe/services/kit/eventing"
)

// ErrRegion reports that no carrier serves a region. Retrying doesn't help.
var ErrRegion = errors.New("no carrier for the region")

// Job is one order picked, packed and handed to a carrier.
type Job struct {
	OrderID      string
	ShipmentID   string
	Carrier      string
	Tracking     string
	Pieces       int
	DispatchedAt time.Time
}

// Jobs is the application's own table. It takes part in the context's unit of work.
type Jobs interface {
	// Add adds a job; added is false if the order already has one.
	Add(ctx context.Context, job Job) (added bool, err error)
}

// Dock ships orders.
type Dock struct {
	Jobs     Jobs
	Carriers map[string]string // carrier by region
}

// Ship hands an order to the carrier of its region, once.
func (d *Dock) Ship(ctx context.Context, tx *eventing.Tx, request orders.FulfilmentRequested) error {
	carrier, served := d.Carriers[request.Region]
	if !served {
		return fmt.Errorf("%w: %s", ErrRegion, request.Region)
	}
	job := Job{
		OrderID:      request.OrderID,
		ShipmentID:   "shp-" + events.DeriveID(request.OrderID, "shipment", 0),
		Carrier:      carrier,
		Tracking:     strings.ToUpper(carrier + strings.TrimPrefix(request.OrderID, "o")),
		DispatchedAt: tx.Now(),
	}
	for _, line := range request.Lines {
		job.Pieces += line.Quantity
	}
	added, err := d.Jobs.Add(ctx, job)
	if err != nil || !added {
		return err
	}
	tx.Publish(warehouse.ShipmentDispatched{
		OrderID: job.OrderID, ShipmentID: job.ShipmentID, Region: request.Region,
		Carrier: job.Carrier, TrackingNumber: job.Tracking,
	})
	return nil
}
