package stock

import (
	"cmp"
	"slices"

	"example.com/troupe/events/checkout"
	"example.com/troupe/events/inventory"
)

// State is the state of an order's reservation.
type State string

// The states. All but Reserved are final.
const (
	Reserved State = "reserved"
	Rejected State = "rejected"
	Released State = "released"
	Voided   State = "voided" // the order was cancelled before anything was reserved
)

// Reservation is what is reserved for one order.
type Reservation struct {
	OrderID string                `json:"orderId"`
	State   State                 `json:"state"`
	Lines   []inventory.StockLine `json:"lines,omitempty"`
}

// Key returns the document's key.
func (r *Reservation) Key() string { return "reservation/" + r.OrderID }

// wanted adds up an order's lines by product and sorts them by name, so that concurrent orders conflict on the same
// product first.
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
