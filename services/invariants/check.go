package invariants

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"

	"example.com/troupe/services/kit/invariant"
	"example.com/troupe/services/payments/gateway"
)

// The names of the invariants.
const (
	readable     = "the stores can be read"
	acknowledged = "an acknowledged request has its order"
	oneEnd       = "an order has one end"
	finalState   = "an order has one final state"
	once         = "an event is said once"
	noContrary   = "no event contradicts another"
	oneEffect    = "an event has its effect once"
	money        = "money is balanced"
	stock        = "stock is conserved"
	shipped      = "a confirmed order is shipped once"
	told         = "a customer is told how the order ends"
)

// Reset forgets what the card processor remembers.
func Reset() { gateway.Process.Reset() }

// Check reports what does not hold.
func Check(w *invariant.World) []invariant.Violation {
	c := &checker{World: w, log: logOf(w)}
	if err := c.read(); err != nil {
		c.Add(readable, "", "%v", err)
		return c.Violations
	}
	c.acknowledged()
	for _, id := range slices.Sorted(maps.Keys(c.orders)) {
		c.ended(c.orders[id])
		if !c.log.staged[id] {
			c.saidOnce(id)
			c.ends(c.orders[id])
			c.paid(c.orders[id])
			c.shipped(c.orders[id])
			c.told(c.orders[id])
		}
	}
	c.turnover()
	c.shelf()
	return c.Violations
}

type checker struct {
	*invariant.World
	invariant.Violations
	log          log
	orders       map[string]*order       // by id
	payments     map[string]payment      // by order
	reservations map[string]*reservation // by order
	levels       map[string]level        // by SKU; one that was never touched is not there
	shipments    map[string]int          // jobs of the warehouse, by order
}

// acknowledged: each POST that was answered with 202 has its order.
func (c *checker) acknowledged() {
	for _, r := range c.Requests {
		if r.Method != http.MethodPost || r.Path != "/orders" {
			continue
		}
		var answer struct{ OrderID string }
		_ = json.Unmarshal(r.Answer, &answer) // without an id, the order is not found either
		if o := c.orders[answer.OrderID]; r.Status != http.StatusAccepted || o == nil || !o.Placed || !c.log.says(answer.OrderID, "order.placed.v1") {
			c.Add(acknowledged, answer.OrderID, "answered with %d: %s", r.Status, r.Answer)
		}
	}
	for id := range c.log.said {
		if c.log.says(id, "order.placed.v1") && c.orders[id] == nil {
			c.Add(acknowledged, id, "it was placed and is unknown")
		}
	}
}

// ended: the order is in a final state.
func (c *checker) ended(o *order) {
	switch {
	case !o.Placed:
		c.Add(finalState, o.ID, "it was never placed")
	case o.State == "cancelled", o.State == "shipped", o.State == "confirmed" && !o.served():
	case o.State == "confirmed":
		c.Add(finalState, o.ID, "it is confirmed, and was not shipped or does not know it")
	default:
		c.Add(finalState, o.ID, "it is %q: it has not ended", o.State)
	}
	noted := map[string]bool{}
	for _, entry := range o.History {
		if noted[entry.Event] && !c.log.staged[o.ID] && !repeatable[entry.Event] {
			c.Add(oneEffect, o.ID, "orders noted %s twice", entry.Event)
		}
		noted[entry.Event] = true
	}
}

// repeatable are events that may be said more than once of an order: whenever somebody asks.
var repeatable = map[string]bool{"cancellation.requested.v1": true}

// contradictions are events that can't both be true of an order.
var contradictions = [][2]string{
	{"order.confirmed.v1", "order.cancelled.v1"},
	{"payment.authorized.v1", "payment.declined.v1"},
	{"stock.reserved.v1", "stock.rejected.v1"},
	{"order.cancelled.v1", "shipment.dispatched.v1"},
}

// saidOnce: each event about an order is published under one id, and none contradicts another.
func (c *checker) saidOnce(id string) {
	for _, kind := range slices.Sorted(maps.Keys(c.log.said[id])) {
		if ids := c.log.said[id][kind]; len(ids) > 1 && !repeatable[kind] {
			c.Add(once, id, "%s as %s", kind, ids)
		}
	}
	for _, pair := range contradictions {
		if c.log.says(id, pair[0]) && c.log.says(id, pair[1]) {
			c.Add(noContrary, id, "%s and %s", pair[0], pair[1])
		}
	}
}

// ends: the order's end was published, and is the one that its document has.
func (c *checker) ends(o *order) {
	confirmed, cancelled := c.log.says(o.ID, "order.confirmed.v1"), c.log.says(o.ID, "order.cancelled.v1")
	if confirmed == cancelled {
		c.Add(oneEnd, o.ID, "confirmed %t, cancelled %t", confirmed, cancelled)
	}
	if confirmed != o.confirmed() {
		c.Add(finalState, o.ID, "it is %s, and %q was published: %t", o.State, "order.confirmed.v1", confirmed)
	}
}

// told: the customer got the letters that fit the end of the order.
func (c *checker) told(o *order) {
	for template, due := range map[string]bool{
		"order_confirmed": o.confirmed(), "order_shipped": o.confirmed() && o.served(), "order_cancelled": o.State == "cancelled",
	} {
		if got := c.log.says(o.ID, "customer.notified.v1 "+template); got != due {
			c.Add(told, o.ID, "%s: told %t, due %t", template, got, due)
		}
	}
}

// shipped: a confirmed order has one job of the warehouse, and no other has any.
func (c *checker) shipped(o *order) {
	due := 0
	if o.confirmed() && o.served() {
		due = 1
	}
	if n := c.shipments[o.ID]; n != due || c.log.says(o.ID, "shipment.dispatched.v1") != (due == 1) {
		c.Add(shipped, o.ID, "it has %d shipments, and %d are due", n, due)
	}
}
