package invariants

import (
	"encoding/json"
	"maps"
	"slices"

	"example.com/troupe/services/inventory/opening"
	"example.com/troupe/services/payments/gateway"
)

// paid checks that a confirmed order is paid and any other costs nothing, by the documents, and by the card
// processor's own records if it runs in this process.
func (c *checker) paid(o *order) {
	p := c.payments[o.ID]
	charged := p.State == "authorized"
	switch {
	case o.confirmed() && (!charged || p.AmountCents != o.TotalCents):
		c.Add(money, o.ID, "it is confirmed for %d cents, and its payment is %q for %d", o.TotalCents, p.State, p.AmountCents)
	case !o.confirmed() && charged:
		c.Add(money, o.ID, "it is %s, and its payment of %d cents was not refunded", o.State, p.AmountCents)
	}
	if kept := gateway.Process.Kept(o.ID); gateway.Process.Used() && kept != o.due() {
		c.Add(money, o.ID, "the card processor kept %d cents, and %d are due", kept, o.due())
	}
}

// turnover checks that the captured minus the refunded amounts, by the events, equal the cost of confirmed orders.
func (c *checker) turnover() {
	due := 0
	for id, o := range c.orders {
		if !c.log.staged[id] {
			due += o.due()
		}
	}
	captured, refunded := c.sum("payment.authorized.v1"), c.sum("payment.refunded.v1")
	if captured-refunded != due {
		c.Add(money, "", "%d cents were captured and %d refunded; confirmed orders cost %d", captured, refunded, due)
	}
}

// sum adds up the amounts of a type of event, counting each event once.
func (c *checker) sum(kind string) (cents int) {
	counted := map[string]bool{}
	for _, e := range c.Published {
		if e.Metadata.Type != kind || counted[e.Metadata.ID] || c.log.staged[e.Metadata.Subject] {
			continue
		}
		counted[e.Metadata.ID] = true
		var data struct{ AmountCents int }
		_ = json.Unmarshal(e.Data, &data) // an event without an amount has none
		cents += data.AmountCents
	}
	return cents
}

// shelf checks that every piece is free or reserved, that none appear or vanish, and that the reserved ones belong to
// confirmed orders.
func (c *checker) shelf() {
	before, err := opening.Stock()
	if err != nil {
		c.Add(readable, "", "%v", err)
	}
	for _, id := range slices.Sorted(maps.Keys(c.orders)) {
		o, r := c.orders[id], c.reservations[id]
		if c.log.staged[id] {
			continue
		}
		if reserved := r != nil && r.State == "reserved"; reserved != o.confirmed() {
			c.Add(stock, id, "it is %s, and its stock is reserved: %t", o.State, reserved)
		}
	}
	held := map[string]int{}
	for _, r := range c.reservations {
		if r.State != "reserved" {
			continue
		}
		for _, line := range r.Lines {
			held[line.SKU] += line.Quantity
		}
	}
	for _, sku := range slices.Sorted(maps.Keys(held)) {
		if _, known := c.levels[sku]; !known {
			c.Add(stock, "", "orders hold %d pieces of %s, whose stock was never changed", held[sku], sku)
		}
	}
	for _, sku := range slices.Sorted(maps.Keys(c.levels)) {
		at := c.levels[sku]
		if at.Free+at.Reserved != before[sku] || at.Free < 0 || at.Reserved != held[sku] {
			c.Add(stock, "", "%s: %d free, %d reserved; %d were there, and orders hold %d", sku, at.Free, at.Reserved, before[sku], held[sku])
		}
	}
}
