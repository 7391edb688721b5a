// Package stock reserves stock for orders. No piece is lost or created: each is free or reserved, even if events are
// repeated or late.
package stock

import (
	"context"

	"example.com/troupe/events/checkout"
	"example.com/troupe/events/inventory"
	"example.com/troupe/events/orders"
	"example.com/troupe/services/kit/eventing"
)

// Shelf reserves and releases stock.
type Shelf struct {
	Opening map[string]int // pieces by SKU before the first order
}

// Reserve reserves all lines of a placed order, or none.
func (s *Shelf) Reserve(ctx context.Context, tx *eventing.Tx, placed checkout.OrderPlaced) error {
	reservation := &Reservation{OrderID: placed.OrderID}
	known, err := tx.Load(ctx, reservation)
	if err != nil || known {
		return err // already decided, or cancelled before it began
	}
	lines := wanted(placed.Lines)
	levels := make([]*Level, len(lines))
	var missing []inventory.MissingStock
	for i, line := range lines {
		if levels[i], err = s.level(ctx, tx, line.SKU); err != nil {
			return err
		}
		if free := levels[i].Free; free < line.Quantity {
			missing = append(missing, inventory.MissingStock{SKU: line.SKU, Wanted: line.Quantity, Available: free})
		}
	}
	if len(missing) > 0 {
		reservation.State = Rejected
		tx.Save(reservation)
		tx.Publish(inventory.StockRejected{OrderID: placed.OrderID, Missing: missing})
		return nil
	}
	for i, line := range lines {
		levels[i].Free -= line.Quantity
		levels[i].Reserved += line.Quantity
		tx.Save(levels[i])
	}
	reservation.State, reservation.Lines = Reserved, lines
	tx.Save(reservation)
	tx.Publish(inventory.StockReserved{OrderID: placed.OrderID, Lines: lines})
	return nil
}

// Release releases what is reserved for a cancelled order. If the cancellation arrives first, Release records it, so
// that nothing is reserved later.
func (s *Shelf) Release(ctx context.Context, tx *eventing.Tx, cancelled orders.OrderCancelled) error {
	reservation := &Reservation{OrderID: cancelled.OrderID}
	known, err := tx.Load(ctx, reservation)
	if err != nil || known && reservation.State != Reserved {
		return err
	}
	if !known {
		reservation.State = Voided
		tx.Save(reservation)
		return nil
	}
	for _, line := range reservation.Lines {
		level, err := s.level(ctx, tx, line.SKU)
		if err != nil {
			return err
		}
		level.Free += line.Quantity
		level.Reserved -= line.Quantity
		tx.Save(level)
	}
	reservation.State = Released
	tx.Save(reservation)
	tx.Publish(inventory.StockReleased{OrderID: reservation.OrderID, Lines: reservation.Lines})
	return nil
}
