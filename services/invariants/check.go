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
	once         = "an event is published once"
	noContrary   = "no event contradicts another"
	oneEffect    = "an event has its effect once"
	money        = "money is balanced"
	stock        = "stock is conserved"
	shipped      = "a confirmed order is shipped once"
	notified     = "a customer is notified how the order ends"
	listed       = "a customer's history says how the order ends"
)

// Reset resets the card processor.
func Reset() { gateway.Process.Reset() }

// Check returns the violations of the invariants.
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
			c.publishedOnce(id)
			c.ends(c.orders[id])
			c.paid(c.orders[id])
			c.shipped(c.orders[id])
			c.notified(c.orders[id])
			c.listed(c.orders[id])
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
	histories    map[string]history      // by order
	payments     map[string]payment      // by order
	reservations map[string]*reservation // by order
	levels       map[string]level        // by SKU; one that was never changed is missing
	shipments    map[string]int          // the warehouse's jobs, by order
}

// acknowledged checks that the order of each POST with the status 202 exists.
func (c *checker) acknowledged() {
	for _, r := range c.Requests {
		if r.Method != http.MethodPost || r.Path != "/orders" {
			continue
		}
		var answer struct{ OrderID string }
		_ = json.Unmarshal(r.Answer, &answer) // without an id, the order is not found either
		if o := c.orders[answer.OrderID]; r.Status != http.StatusAccepted || o == nil || !o.Placed || !c.log.published(answer.OrderID, "order.placed.v1") {
			c.Add(acknowledged, answer.OrderID, "answered with %d: %s", r.Status, r.Answer)
		}
	}
	for id := range c.log.events {
		if c.log.published(id, "order.placed.v1") && c.orders[id] == nil {
			c.Add(acknowledged, id, "it was placed and does not exist")
		}
	}
}

// ended checks that the order is in a final state.
func (c *checker) ended(o *order) {
	switch {
	case !o.Placed:
		c.Add(finalState, o.ID, "it was never placed")
	case o.State == "cancelled", o.State == "shipped", o.State == "confirmed" && !o.served():
	case o.State == "confirmed":
		c.Add(finalState, o.ID, "it is confirmed, and was not shipped or its document lacks the shipment")
	default:
		c.Add(finalState, o.ID, "it is %q: it has not ended", o.State)
	}
	noted := map[string]bool{}
	for _, entry := range o.History {
		if noted[entry.Event] && !c.log.staged[o.ID] && !repeatable[entry.Event] {
			c.Add(oneEffect, o.ID, "orders recorded %s twice", entry.Event)
		}
		noted[entry.Event] = true
	}
}

// repeatable are events that may be published more than once per order, whenever someone requests them.
var repeatable = map[string]bool{"cancellation.requested.v1": true}

// contradictions are events that can't both be true of an order.
var contradictions = [][2]string{
	{"order.confirmed.v1", "order.cancelled.v1"},
	{"payment.authorized.v1", "payment.declined.v1"},
	{"stock.reserved.v1", "stock.rejected.v1"},
	{"order.cancelled.v1", "shipment.dispatched.v1"},
}

// publishedOnce checks that each event about an order is published under one ID, and that none contradicts another.
func (c *checker) publishedOnce(id string) {
	for _, kind := range slices.Sorted(maps.Keys(c.log.events[id])) {
		if ids := c.log.events[id][kind]; len(ids) > 1 && !repeatable[kind] {
			c.Add(once, id, "%s as %s", kind, ids)
		}
	}
	for _, pair := range contradictions {
		if c.log.published(id, pair[0]) && c.log.published(id, pair[1]) {
			c.Add(noContrary, id, "%s and %s", pair[0], pair[1])
		}
	}
}

// ends checks that the order's end was published and matches its document.
func (c *checker) ends(o *order) {
	confirmed, cancelled := c.log.published(o.ID, "order.confirmed.v1"), c.log.published(o.ID, "order.cancelled.v1")
	if confirmed == cancelled {
		c.Add(oneEnd, o.ID, "confirmed %t, cancelled %t", confirmed, cancelled)
	}
	if confirmed != o.confirmed() {
		c.Add(finalState, o.ID, "it is %s, and %q was published: %t", o.State, "order.confirmed.v1", confirmed)
	}
}

// notified checks that the customer got the messages that fit the end of the order.
func (c *checker) notified(o *order) {
	for template, due := range map[string]bool{
		"order_confirmed": o.confirmed(), "order_shipped": o.confirmed() && o.served(), "order_cancelled": o.State == "cancelled",
	} {
		if got := c.log.published(o.ID, "customer.notified.v1 "+template); got != due {
			c.Add(notified, o.ID, "%s: notified %t, due %t", template, got, due)
		}
	}
}

// listed checks that the read model has the order in the same state.
func (c *checker) listed(o *order) {
	if h := c.histories[o.ID]; h.State != o.State || h.CustomerID == "" {
		c.Add(listed, o.ID, "it is %s, and %q in the history of the customer %q", o.State, h.State, h.CustomerID)
	}
}

// shipped checks that a confirmed order has one job in the warehouse, and any other order none.
func (c *checker) shipped(o *order) {
	due := 0
	if o.confirmed() && o.served() {
		due = 1
	}
	if n := c.shipments[o.ID]; n != due || c.log.published(o.ID, "shipment.dispatched.v1") != (due == 1) {
		c.Add(shipped, o.ID, "it has %d shipments, and %d are due", n, due)
	}
}
