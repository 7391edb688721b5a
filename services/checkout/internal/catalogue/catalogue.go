// Package catalogue contains the products and their prices. It is embedded in the binary: prices never come from a
// client.
package catalogue

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
)

//go:embed catalogue.json
var document []byte

// Catalogue is a price list in one currency for some regions.
type Catalogue struct {
	Currency string    `json:"currency"` // ISO 4217
	Regions  []string  `json:"regions"`  // to which the warehouse ships
	Products []Product `json:"products"`
}

// Product is a product for sale.
type Product struct {
	SKU        string `json:"sku"`
	Name       string `json:"name"`
	PriceCents int    `json:"priceCents"`
}

// Load parses the embedded price list.
func Load() (Catalogue, error) {
	var c Catalogue
	if err := json.Unmarshal(document, &c); err != nil {
		return Catalogue{}, fmt.Errorf("read catalogue.json: %w", err)
	}
	return c, nil
}

// PriceCents returns the unit price of a product; ok is false for an unknown SKU.
func (c Catalogue) PriceCents(sku string) (cents int, ok bool) {
	for _, product := range c.Products {
		if product.SKU == sku {
			return product.PriceCents, true
		}
	}
	return 0, false
}

// Serves reports whether orders are shipped to a region.
func (c Catalogue) Serves(region string) bool { return slices.Contains(c.Regions, region) }
