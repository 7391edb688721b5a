// Package order validates orders: the request is complete, its products exist, and the prices are ours.
package order

import (
	"fmt"
	"strings"

	"example.com/troupe/events"
	"example.com/troupe/events/checkout"
	"example.com/troupe/services/kit/eventing"
)

// Catalogue contains the products for sale.
type Catalogue interface {
	// PriceCents returns the unit price; ok is false for an unknown product.
	PriceCents(sku string) (cents int, ok bool)
	// Serves reports whether orders are shipped to a region.
	Serves(region string) bool
}

// Desk accepts orders.
type Desk struct {
	Catalogue Catalogue
	Currency  string // of the prices, ISO 4217
}

// Place places an order. Its ID derives from the request's idempotency key, so that a request sent twice is one
// order. If the request is invalid, Place returns an *InvalidError.
func (d *Desk) Place(tx *eventing.Tx, request Request) (checkout.OrderPlaced, error) {
	problems := request.validate()
	problems.require(d.Catalogue.Serves(request.Region), "/region", "we do not ship to %q", request.Region)
	placed := checkout.OrderPlaced{
		OrderID:    newOrderID(tx.Event().ID),
		CustomerID: request.CustomerID,
		Email:      request.Email,
		Region:     request.Region,
		Currency:   d.Currency,
		CardToken:  request.CardToken,
	}
	for i, line := range request.Lines {
		price, known := d.Catalogue.PriceCents(line.SKU)
		problems.require(known, fmt.Sprintf("/lines/%d/sku", i), "there is no product %q", line.SKU)
		placed.Lines = append(placed.Lines, checkout.OrderLine{SKU: line.SKU, Quantity: line.Quantity, UnitPriceCents: price})
		placed.TotalCents += line.Quantity * price
	}
	if len(problems) > 0 {
		return checkout.OrderPlaced{}, &InvalidError{Problems: problems}
	}
	tx.Publish(placed)
	return placed, nil
}

// newOrderID derives an ID of 80 bits: as unguessable as the cause, and short enough to be read out on the telephone.
func newOrderID(causeID string) string {
	hex := strings.ReplaceAll(events.DeriveID(causeID, "order", 0), "-", "")
	return "o-" + hex[:20]
}
