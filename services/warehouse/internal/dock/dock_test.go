package dock_test

import (
	"context"
	"errors"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/events/orders"
	"example.com/troupe/events/warehouse"
	"example.com/troupe/services/kit/eventingtest"
	"example.com/troupe/services/warehouse/internal/dock"
)

var errLocked = errors.New("database is locked")

// table responds as the test requires.
type table struct {
	added bool
	err   error
	want  dock.Job
}

func (t table) Add(_ context.Context, job dock.Job) (bool, error) {
	if t.want != (dock.Job{}) && t.want != job {
		return false, errors.New("unexpected job")
	}
	return t.added, t.err
}

func TestShip(t *testing.T) {
	request := orders.FulfilmentRequested{OrderID: "o-1", Region: "eu", Lines: []orders.FulfilmentLine{
		{SKU: "poster", Quantity: 2}, {SKU: "mask", Quantity: 1},
	}}
	elsewhere := request
	elsewhere.Region = "moon"
	shipment := "shp-" + events.DeriveID("o-1", "shipment", 0)
	job := dock.Job{
		OrderID: "o-1", ShipmentID: shipment, Carrier: "kolibri", Tracking: "KOLIBRI-1", Pieces: 3,
		DispatchedAt: eventingtest.Now,
	}
	ship := func(t table, request orders.FulfilmentRequested) eventingtest.Unit {
		d := &dock.Dock{Jobs: t, Carriers: map[string]string{"eu": "kolibri"}}
		return eventingtest.Hear(d.Ship, request)
	}

	eventingtest.Run(t, []eventingtest.Case{
		{
			Name: "an order is shipped",
			When: ship(table{added: true, want: job}, request),
			Then: []events.Event{warehouse.ShipmentDispatched{
				OrderID: "o-1", ShipmentID: shipment, Region: "eu", Carrier: "kolibri", TrackingNumber: "KOLIBRI-1",
			}},
		},
		{Name: "an order that has a job is not shipped again", When: ship(table{added: false}, request)},
		{Name: "a region without a carrier", When: ship(table{added: true}, elsewhere), Err: dock.ErrRegion},
		{Name: "a database that fails", When: ship(table{err: errLocked}, request), Err: errLocked},
	})
}
