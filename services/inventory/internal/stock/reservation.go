package stock

import (
	"cmp"
	"slices"

	"example.com/troupe/events/checkout"
	"example.com/troupe/events/inventory"
)

// State is where the reservation of an order stands.
type State string

// The states. Every one but Reserved is final.
const (
	Reserved State = "reserved"
	Rejected State = "rejected"
	Released State = "released"
	Voided   State = "voided" // the order was cancelled before anything was reserved
)

// Reservation is what is held for one order.
type Reservation struct {
	OrderID string                `json:"orderId"`
	State   State                 `json:"state"`
	Lines   []inventory.StockLine `json:"lines,omitempty"`
}

// Key is where the reservation is stored.
func (r *Reservation) Key() string { return "reservation/" + r.OrderID }

// wanted adds up an order's lines by product, in the order of their names, so that
// concurrent orders meet at the same product first.
func wanted(lines []checkout.OrderLine) []inventory.StockLine {
	var sum []inventory.StockLine
	for _, line := range lines {
		at := slices.IndexFunc(sum, func(s inventory.StockLine) bool { return s.SKU == line.SKU })
		if at < 0 {
			at = len(sum)
			sum = append(sum, inventory.StockLine{SKU: line.SKU})
		}
		sum[at].Quantity += line.Quantity
	}
	slices.SortFunc(sum, func(a, b inventory.StockLine) int { return cmp.Compare(a.SKU, b.SKU) })
	return sum
}
