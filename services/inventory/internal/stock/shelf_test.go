package stock_test

import (
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/events/checkout"
	"example.com/troupe/events/inventory"
	"example.com/troupe/events/orders"
	"example.com/troupe/services/inventory/internal/stock"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/eventingtest"
)

func TestShelf(t *testing.T) {
	shelf := &stock.Shelf{Opening: map[string]int{"mask": 3, "poster": 10}}
	order := func(lines ...checkout.OrderLine) checkout.OrderPlaced {
		return checkout.OrderPlaced{OrderID: "o-1", Lines: lines}
	}
	line := func(sku string, quantity int) checkout.OrderLine {
		return checkout.OrderLine{SKU: sku, Quantity: quantity}
	}
	held := []inventory.StockLine{{SKU: "mask", Quantity: 2}, {SKU: "poster", Quantity: 1}}
	reservation := func(state stock.State, lines ...inventory.StockLine) *stock.Reservation {
		return &stock.Reservation{OrderID: "o-1", State: state, Lines: lines}
	}
	cancelled := orders.OrderCancelled{OrderID: "o-1"}

	eventingtest.Run(t, []eventingtest.Case{
		{
			Name: "all lines of an order are reserved",
			When: eventingtest.Hear(shelf.Reserve, order(line("poster", 1), line("mask", 2))),
			Then: []events.Event{inventory.StockReserved{OrderID: "o-1", Lines: held}},
			State: []eventing.Document{
				&stock.Level{SKU: "mask", Free: 1, Reserved: 2},
				&stock.Level{SKU: "poster", Free: 9, Reserved: 1},
				reservation(stock.Reserved, held...),
			},
		},
		{
			Name: "two lines of one product are added up",
			When: eventingtest.Hear(shelf.Reserve, order(line("mask", 2), line("mask", 2))),
			Then: []events.Event{inventory.StockRejected{OrderID: "o-1", Missing: []inventory.MissingStock{
				{SKU: "mask", Wanted: 4, Available: 3},
			}}},
			State: []eventing.Document{reservation(stock.Rejected)},
		},
		{
			Name:  "an order that lacks one line gets none",
			Given: []eventing.Document{&stock.Level{SKU: "mask", Free: 1, Reserved: 2}},
			When:  eventingtest.Hear(shelf.Reserve, order(line("poster", 1), line("mask", 2), line("unicorn", 1))),
			Then: []events.Event{inventory.StockRejected{OrderID: "o-1", Missing: []inventory.MissingStock{
				{SKU: "mask", Wanted: 2, Available: 1},
				{SKU: "unicorn", Wanted: 1, Available: 0},
			}}},
			State: []eventing.Document{reservation(stock.Rejected)},
		},
		{
			Name:  "the same order placed twice is reserved once",
			Given: []eventing.Document{reservation(stock.Reserved, held...)},
			When:  eventingtest.Hear(shelf.Reserve, order(line("mask", 1))),
		},
		{
			Name:  "an order that was cancelled first gets nothing",
			After: []eventingtest.Unit{eventingtest.Hear(shelf.Release, cancelled)},
			When:  eventingtest.Hear(shelf.Reserve, order(line("mask", 1))),
		},
		{
			Name:  "a cancelled order's pieces are released",
			After: []eventingtest.Unit{eventingtest.Hear(shelf.Reserve, order(line("poster", 1), line("mask", 2)))},
			When:  eventingtest.Hear(shelf.Release, cancelled),
			Then:  []events.Event{inventory.StockReleased{OrderID: "o-1", Lines: held}},
			State: []eventing.Document{
				&stock.Level{SKU: "mask", Free: 3},
				&stock.Level{SKU: "poster", Free: 10},
				reservation(stock.Released, held...),
			},
		},
		{
			Name:  "nothing is released twice",
			Given: []eventing.Document{reservation(stock.Released, held...)},
			When:  eventingtest.Hear(shelf.Release, cancelled),
		},
		{
			Name:  "a rejected order holds nothing to release",
			Given: []eventing.Document{reservation(stock.Rejected)},
			When:  eventingtest.Hear(shelf.Release, cancelled),
		},
	})
}
