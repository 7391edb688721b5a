package stock

import (
	"context"

	"example.com/troupe/services/kit/eventing"
)

// Level is how much of one product is there.
type Level struct {
	SKU      string `json:"sku"`
	Free     int    `json:"free"`     // pieces that can still be reserved
	Reserved int    `json:"reserved"` // pieces held for orders
}

// Key is where the level is stored.
func (l *Level) Key() string { return "stock/" + l.SKU }

// level loads the level of a product. One that was never touched has its opening
// stock; a product without any has none.
func (s *Shelf) level(ctx context.Context, tx *eventing.Tx, sku string) (*Level, error) {
	level := &Level{SKU: sku}
	known, err := tx.Load(ctx, level)
	if !known {
		level.Free = s.Opening[sku]
	}
	return level, err
}
