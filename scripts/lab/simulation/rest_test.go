package simulation

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
)

// verdict is how an order has to end, from the events about it.
type verdict struct {
	id         string
	totalCents int
	lines      []line
	confirmed  bool
}

// checkRest holds what is left, when nothing moves any more, against the invariants.
func (w *world) checkRest(ctx context.Context) {
	verdicts := w.verdicts()
	w.checkOrders(ctx, verdicts)
	w.checkMoney(verdicts)
	w.checkStock(ctx, verdicts)
	w.checkShipments(ctx, verdicts)
	w.checkLetters(verdicts)
	w.checkDeadLetters(ctx)
}

// verdicts lists the orders: those of acknowledged requests, and of whoever else placed one.
func (w *world) verdicts() (all []verdict) {
	for _, c := range w.customers {
		if !w.facts.says(c.placed.OrderID, "order.placed.v1") {
			w.violate("an acknowledged request has its order", c.placed.OrderID, "%s was answered", c.name)
		}
	}
	for order, said := range w.facts.said {
		placed := said["order.placed.v1"]
		if placed == nil {
			continue
		}
		v := verdict{id: order, confirmed: w.facts.says(order, "order.confirmed.v1")}
		var data struct {
			TotalCents int
			Lines      []line
		}
		_ = json.Unmarshal(placed.Data, &data) // it was heard, so it is JSON
		v.totalCents, v.lines = data.TotalCents, data.Lines
		if v.confirmed == w.facts.says(order, "order.cancelled.v1") {
			w.violate("an order has one end", order, "confirmed and cancelled: %t", v.confirmed)
		}
		all = append(all, v)
	}
	return all
}

// checkOrders looks into the table of orders.
func (w *world) checkOrders(ctx context.Context, verdicts []verdict) {
	var keys []string
	for _, v := range verdicts {
		keys = append(keys, "order/"+v.id)
	}
	documents := w.documents(ctx, "orders", keys)
	for _, v := range verdicts {
		var order struct {
			State   string
			History []struct{ Event string }
		}
		_ = json.Unmarshal([]byte(documents["order/"+v.id]), &order)
		want := "cancelled"
		if v.confirmed {
			want = "shipped"
		}
		if order.State != want {
			w.violate("an order has one final state", v.id, "it is %q, and should be %q", order.State, want)
		}
		seen := map[string]bool{}
		for _, entry := range order.History {
			if seen[entry.Event] {
				w.violate("an event has its effect once", v.id, "orders noted %s twice", entry.Event)
			}
			seen[entry.Event] = true
		}
	}
}

// checkMoney holds the card processor's book against the confirmed orders.
func (w *world) checkMoney(verdicts []verdict) {
	for _, v := range verdicts {
		book := w.ledger.of(v.id)
		want := 0
		if v.confirmed {
			want = v.totalCents
		}
		if kept := book.captured() - book.refunded; kept != want {
			w.violate("money is balanced", v.id, "captured %d, refunded %d, and %d are due", book.captured(), book.refunded, want)
		}
	}
}

// checkStock holds the shelf against the opening stock and the confirmed orders.
func (w *world) checkStock(ctx context.Context, verdicts []verdict) {
	opening := map[string]int{}
	text, err := os.ReadFile(filepath.Join(root, "services/inventory/internal/stock/opening.json"))
	if err == nil {
		err = json.Unmarshal(text, &opening)
	}
	if err != nil {
		w.violate("stock is conserved", "", "%v", err)
	}
	held := map[string]int{}
	for _, v := range verdicts {
		for _, l := range v.lines {
			if v.confirmed {
				held[l.SKU] += l.Quantity
			}
		}
	}
	var keys []string
	for sku := range opening {
		keys = append(keys, "stock/"+sku)
	}
	documents := w.documents(ctx, "inventory", keys)
	for sku, all := range opening {
		level := struct{ Free, Reserved int }{Free: all}
		if document := documents["stock/"+sku]; document != "" {
			_ = json.Unmarshal([]byte(document), &level)
		}
		if level.Free+level.Reserved != all || level.Reserved != held[sku] {
			w.violate("stock is conserved", "", "%s: %d free, %d reserved; %d were there, and %d are sold", sku, level.Free, level.Reserved, all, held[sku])
		}
	}
}

// checkShipments looks into the warehouse's own table.
func (w *world) checkShipments(ctx context.Context, verdicts []verdict) {
	shipments, err := w.shop.shipments(ctx)
	if err != nil {
		w.violate("a confirmed order is shipped once", "", "%v", err)
	}
	for _, v := range verdicts {
		want := 0
		if v.confirmed {
			want = 1
		}
		if shipments[v.id] != want || w.facts.says(v.id, "shipment.dispatched.v1") != v.confirmed {
			w.violate("a confirmed order is shipped once", v.id, "%d shipments, and %d are due", shipments[v.id], want)
		}
	}
}

// checkLetters looks at what customers were told.
func (w *world) checkLetters(verdicts []verdict) {
	for _, v := range verdicts {
		for template, due := range map[string]bool{"order_confirmed": v.confirmed, "order_shipped": v.confirmed, "order_cancelled": !v.confirmed} {
			if told := w.facts.says(v.id, "customer.notified.v1 "+template); told != due {
				w.violate("a customer is told how the order ends", v.id, "%s: told %t, due %t", template, told, due)
			}
		}
	}
}
