package invariants

import (
	"encoding/json"
	"maps"
	"slices"

	"example.com/troupe/events"
)

// money: what was captured less what was refunded is what confirmed orders cost, by the events and by the tables.
func (w *World) money(c *checker) {
	wanted := 0
	for _, id := range slices.Sorted(maps.Keys(w.Orders)) {
		order, payment := w.Orders[id], w.Payments[id]
		charged := payment.State == "authorized"
		switch {
		case order.confirmed() && (!charged || payment.AmountCents != order.TotalCents):
			c.wrong("order %s is confirmed for %d cents, and its payment is %q for %d", id, order.TotalCents, payment.State, payment.AmountCents)
		case !order.confirmed() && charged:
			c.wrong("order %s is %s, and its payment of %d cents was not refunded", id, order.State, payment.AmountCents)
		}
		if order.confirmed() {
			wanted += order.TotalCents
		}
	}
	captured, refunded := w.sum("payment.authorized.v1"), w.sum("payment.refunded.v1")
	if captured-refunded != wanted {
		c.wrong("%d cents were captured and %d refunded; confirmed orders cost %d", captured, refunded, wanted)
	}
}

// sum adds up the amounts of a type of event, each event once.
func (w *World) sum(kind string) (cents int) {
	counted := map[string]bool{}
	for _, fact := range w.Published {
		if fact.Metadata.Type == kind && !counted[fact.Metadata.ID] {
			counted[fact.Metadata.ID] = true
			cents += amount(fact)
		}
	}
	return cents
}

func amount(fact events.Envelope) int {
	var data struct{ AmountCents int }
	_ = json.Unmarshal(fact.Data, &data) // an event without an amount has none
	return data.AmountCents
}

// stock: pieces are free or reserved, none appear or vanish, and those reserved are those of confirmed orders.
func (w *World) stock(c *checker) {
	held := map[string]int{}
	for _, id := range slices.Sorted(maps.Keys(w.Reservations)) {
		reservation, order := w.Reservations[id], w.Orders[id]
		if reserved := reservation.State == "reserved"; reserved != order.confirmed() {
			c.wrong("order %s is %s, and its stock is %s", id, order.State, reservation.State)
		}
		if reservation.State != "reserved" {
			continue
		}
		for _, line := range reservation.Lines {
			held[line.SKU] += line.Quantity
		}
	}
	for _, id := range slices.Sorted(maps.Keys(w.Orders)) {
		if _, known := w.Reservations[id]; !known && w.Orders[id].confirmed() {
			c.wrong("order %s is confirmed and nothing is reserved for it", id)
		}
	}
	for _, sku := range slices.Sorted(maps.Keys(w.Levels)) {
		level := w.Levels[sku]
		if level.Free+level.Reserved != w.Opening[sku] || level.Free < 0 {
			c.wrong("of %s, %d pieces are free and %d reserved; there were %d", sku, level.Free, level.Reserved, w.Opening[sku])
		}
		if level.Reserved != held[sku] {
			c.wrong("of %s, %d pieces are reserved, and orders hold %d", sku, level.Reserved, held[sku])
		}
	}
	for sku := range held {
		if _, known := w.Levels[sku]; !known {
			c.wrong("orders hold %d pieces of %s, which was never touched", held[sku], sku)
		}
	}
}
