package cost

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
)

//go:embed prices.json
var pricesFile []byte

// Price is what AWS bills for Per units in a region, before taxes, free tiers and discounts.
type Price struct {
	ID          string  `json:"id"`
	Product     string  `json:"product"` // of AWS: "SQS"
	Region      string  `json:"region"`
	USD         float64 `json:"usd"`
	Per         float64 `json:"per"` // units for which USD is paid
	Unit        string  `json:"unit"`
	Source      string  `json:"source"` // key of the file's sources
	Unconfirmed bool    `json:"unconfirmed,omitempty"`
}

// Prices are the prices of one region.
type Prices struct {
	Region string

	byID map[string]Price
}

// PricesOf returns the prices of a region. An unknown region is refused with those that the file has.
func PricesOf(region string) (*Prices, error) {
	return parsePrices("prices.json", pricesFile, region)
}

// Regions returns the regions with prices, in the order of the file: the first is the default.
func Regions() ([]string, error) {
	all, err := parse[Price]("prices.json", pricesFile, "prices")
	if err != nil {
		return nil, err
	}
	var regions []string
	for _, entry := range all {
		if !slices.Contains(regions, entry.of.Region) {
			regions = append(regions, entry.of.Region)
		}
	}
	return regions, nil
}

// Of returns a price. It panics for an id that the code uses and the file lacks: the package's tests have them all.
func (p *Prices) Of(id string) Price {
	price, known := p.byID[id]
	if !known {
		panic(fmt.Sprintf("there is no price %q for %s", id, p.Region))
	}
	return price
}

// Find returns a price that may be absent, such as that of an instance class that a user chose.
func (p *Prices) Find(id string) (Price, bool) {
	price, known := p.byID[id]
	return price, known
}

// Unconfirmed returns the ids of the prices for which no source was found, sorted.
func (p *Prices) Unconfirmed() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(p.byID)), func(id string) bool { return !p.byID[id].Unconfirmed })
}

func parsePrices(name string, text []byte, region string) (*Prices, error) {
	all, err := parse[Price](name, text, "prices")
	if err != nil {
		return nil, err
	}
	p := &Prices{Region: region, byID: map[string]Price{}}
	for _, entry := range all {
		price := entry.of
		switch {
		case price.ID == "" || price.Product == "" || price.Region == "" || price.Unit == "":
			return nil, entry.refuse("a price needs id, product, region and unit")
		case price.USD < 0 || price.Per <= 0:
			return nil, entry.refuse("usd must not be negative, and per must be above 0")
		}
		if price.Region != region {
			continue
		}
		if _, twice := p.byID[price.ID]; twice {
			return nil, entry.refuse("there are two prices %q for %s", price.ID, region)
		}
		p.byID[price.ID] = price
	}
	if len(p.byID) == 0 {
		return nil, unknownRegion(name, region, all, func(price Price) string { return price.Region })
	}
	return p, nil
}
