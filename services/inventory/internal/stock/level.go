package stock

import (
	"context"

	"example.com/troupe/services/kit/eventing"
)

// Level is the stock of one product.
type Level struct {
	SKU      string `json:"sku"`
	Free     int    `json:"free"`     // pieces available for reservation
	Reserved int    `json:"reserved"` // pieces reserved for orders
}

// Key returns the document's key.
func (l *Level) Key() string { return "stock/" + l.SKU }

// level loads the stock of a product. A product that was never changed has its opening stock, or none.
func (s *Shelf) level(ctx context.Context, tx *eventing.Tx, sku string) (*Level, error) {
	level := &Level{SKU: sku}
	known, err := tx.Load(ctx, level)
	if !known {
		level.Free = s.Opening[sku]
	}
	return level, err
}
