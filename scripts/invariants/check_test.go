package invariants_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/scripts/invariants"
)

func fact(id, kind, subject, cause, data string) events.Envelope {
	return events.Envelope{
		Metadata: events.Metadata{ID: id, Type: kind, Subject: subject, CorrelationID: "c", CausationID: cause, Producer: "p", OccurredAt: time.Unix(1, 0)},
		Data:     json.RawMessage(data),
	}
}

// sound is a world in which one order was shipped and one cancelled after it was paid, each event said twice.
func sound(t *testing.T) *invariants.World {
	t.Helper()
	w := &invariants.World{
		Acknowledged: []string{"o-1", "o-2"},
		Poisoned:     map[string]bool{"poison": true},
		Opening:      map[string]int{"poster": 10},
		Shipments:    map[string]int{"o-1": 1},
		DeadLetters:  []invariants.DeadLetter{{Queue: "payments-dlq", EventID: "poison", Reason: "bad-contract"}},
	}
	for range 2 {
		w.Published = append(w.Published,
			fact("1", "order.placed.v1", "o-1", "request", `{}`),
			fact("2", "payment.authorized.v1", "o-1", "1", `{"amountCents": 100, "orderId": "o-1"}`),
			fact("3", "order.confirmed.v1", "o-1", "2", `{}`),
			fact("4", "order.placed.v1", "o-2", "request", `{}`),
			fact("5", "payment.authorized.v1", "o-2", "4", `{"amountCents": 50}`),
			fact("6", "order.cancelled.v1", "o-2", "4", `{}`),
			fact("7", "payment.refunded.v1", "o-2", "6", `{"amountCents": 50}`),
			fact("poison", "order.placed.v1", "o-3", "", `{}`),
		)
	}
	for key, body := range map[string]string{
		"order/o-1": `{"state": "shipped", "totalCents": 100, "placed": true}`, "order/o-2": `{"state": "cancelled", "totalCents": 50, "placed": true}`,
		"payment/o-1": `{"state": "authorized", "amountCents": 100}`, "payment/o-2": `{"state": "refunded", "amountCents": 50}`,
		"reservation/o-1": `{"state": "reserved", "lines": [{"sku": "poster", "quantity": 2}]}`, "reservation/o-2": `{"state": "released"}`,
		"stock/poster": `{"free": 8, "reserved": 2}`, "contact/o-1": `{}`,
	} {
		if err := w.Document(key, []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func TestSound(t *testing.T) {
	w := sound(t)
	w.Published = append(w.Published, fact("2", "payment.authorized.v1", "o-1", "1", `{"orderId":"o-1","amountCents":100}`)) // the same, written otherwise
	if err := w.Check(); err != nil {
		t.Error(err)
	}
}

// TestBroken breaks one thing at a time.
func TestBroken(t *testing.T) {
	set := func(key, body string) func(*invariants.World) {
		return func(w *invariants.World) { _ = w.Document(key, []byte(body)) }
	}
	for want, breaks := range map[string]func(*invariants.World){
		"a queue is not empty: orders":             func(w *invariants.World) { w.Waiting = []string{"orders"} },
		`dead letter of "x" in q, which nobody`:    func(w *invariants.World) { w.DeadLetters = []invariants.DeadLetter{{"q", "x", "reason"}} },
		`dead letter of "poison" in q has no`:      func(w *invariants.World) { w.DeadLetters = []invariants.DeadLetter{{"q", "poison", ""}} },
		"o-9 was acknowledged, and is unknown":     func(w *invariants.World) { w.Acknowledged = []string{"o-9"} },
		"order o-1 is pending: it has not ended":   set("order/o-1", `{"state": "pending", "placed": true}`),
		"order o-1 was never placed":               set("order/o-1", `{"state": "shipped", "totalCents": 100}`),
		"order o-1 was shipped and does not know":  set("order/o-1", `{"state": "confirmed", "totalCents": 100, "placed": true}`),
		"end of order o-1 was said by 2 events":    publish(fact("8", "order.cancelled.v1", "o-1", "1", `{}`)),
		"end of order o-8 was said by 0 events":    set("order/o-8", `{"state": "cancelled", "placed": true}`),
		"o-1 is confirmed and has 2 shipments":     func(w *invariants.World) { w.Shipments["o-1"] = 2 },
		"o-1 is confirmed and has 0 shipments":     func(w *invariants.World) { w.Shipments = nil },
		"o-2 is cancelled and was shipped":         func(w *invariants.World) { w.Shipments["o-2"] = 1 },
		"o-9 was shipped and is unknown":           func(w *invariants.World) { w.Shipments["o-9"] = 1 },
		"event 2 was published with two contents":  publish(fact("2", "payment.authorized.v1", "o-1", "1", `{"amountCents": 101}`)),
		`caused by "nothing", which nobody has`:    publish(fact("9", "stock.reserved.v1", "o-1", "nothing", `{}`)),
		"and its payment is \"refunded\" for 100":  set("payment/o-1", `{"state": "refunded", "amountCents": 100}`),
		"and its payment is \"authorized\" for 99": set("payment/o-1", `{"state": "authorized", "amountCents": 99}`),
		"its payment of 50 cents was not refunded": set("payment/o-2", `{"state": "authorized", "amountCents": 50}`),
		"200 cents were captured and 50 refunded":  publish(fact("10", "payment.authorized.v1", "o-1", "1", `{"amountCents": 50}`)),
		"o-2 is cancelled, and its stock is reser": set("reservation/o-2", `{"state": "reserved"}`),
		"o-1 is shipped, and its stock is voided":  set("reservation/o-1", `{"state": "voided"}`),
		"is confirmed and nothing is reserved":     func(w *invariants.World) { delete(w.Reservations, "o-1") },
		"of poster, 9 pieces are free and 2":       set("stock/poster", `{"free": 9, "reserved": 2}`),
		"of poster, 1 pieces are reserved, and":    set("stock/poster", `{"free": 9, "reserved": 1}`),
		"hold 2 pieces of poster, which was never": func(w *invariants.World) { w.Levels = nil },
	} {
		w := sound(t)
		breaks(w)
		if err := w.Check(); !invariants.IsBroken(err) || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got: %v", want, err)
		}
	}
	if err := sound(t).Document("order/o-1", []byte("no JSON")); err == nil || invariants.IsBroken(fmt.Errorf("x: %w", err)) {
		t.Errorf("a document that is none: %v", err)
	}
}

func publish(f events.Envelope) func(*invariants.World) {
	return func(w *invariants.World) { w.Published = append(w.Published, f) }
}
