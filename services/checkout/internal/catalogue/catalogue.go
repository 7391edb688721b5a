// Package catalogue knows what can be ordered, and for how much. It is built into
// the binary: a price never comes from a client.
package catalogue

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
)

//go:embed catalogue.json
var document []byte

// Catalogue is a price list in one currency, for some regions.
type Catalogue struct {
	Currency string    `json:"currency"` // ISO 4217
	Regions  []string  `json:"regions"`  // that a warehouse ships to
	Products []Product `json:"products"`
}

// Product is one thing that can be ordered.
type Product struct {
	SKU        string `json:"sku"`
	Name       string `json:"name"`
	PriceCents int    `json:"priceCents"`
}

// Load reads the price list that was built in.
func Load() (Catalogue, error) {
	var c Catalogue
	if err := json.Unmarshal(document, &c); err != nil {
		return Catalogue{}, fmt.Errorf("read catalogue.json: %w", err)
	}
	return c, nil
}

// PriceCents returns what one piece costs; ok is false where nothing has that SKU.
func (c Catalogue) PriceCents(sku string) (cents int, ok bool) {
	for _, product := range c.Products {
		if product.SKU == sku {
			return product.PriceCents, true
		}
	}
	return 0, false
}

// Serves tells whether orders are shipped to a region.
func (c Catalogue) Serves(region string) bool { return slices.Contains(c.Regions, region) }
