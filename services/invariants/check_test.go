package invariants_test

import (
	"database/sql"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"example.com/troupe/events"
	"example.com/troupe/services/invariants"
	"example.com/troupe/services/kit/invariant"
	"example.com/troupe/services/payments/gateway"
)

func event(id, kind, subject, cause, data string) events.Envelope {
	return events.Envelope{
		Metadata: events.Metadata{ID: id, Type: kind, Subject: subject, CorrelationID: "c", CausationID: cause, OccurredAt: time.Unix(1, 0)},
		Data:     json.RawMessage(data),
	}
}

// world is a world in which one order was shipped and another cancelled after it was paid, with each event published
// twice. A third was declined by a story rather than by payments.
type world struct {
	*invariant.World
	t *testing.T
}

func sound(t *testing.T) world {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "jobs.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	w := world{&invariant.World{
		Documents: map[string]map[string]json.RawMessage{},
		Databases: map[string]*sql.DB{"warehouse": db},
		Requests: []invariant.Request{
			{Method: "POST", Path: "/orders", Status: 202, Answer: []byte(`{"orderId": "o-1"}`)},
			{Method: "POST", Path: "/orders", Status: 202, Answer: []byte(`{"orderId": "o-2"}`)},
			{Method: "GET", Path: "/orders/o-1", Status: 200, Answer: []byte(`{}`)},
		},
	}, t}
	w.exec("CREATE TABLE jobs (order_id TEXT)")
	w.exec("INSERT INTO jobs VALUES ('o-1')")
	for range 2 {
		w.publish("1", "order.placed.v1", "o-1", "request", `{}`)
		w.publish("2", "payment.authorized.v1", "o-1", "1", `{"amountCents": 100}`)
		w.publish("3", "order.confirmed.v1", "o-1", "2", `{}`)
		w.publish("4", "shipment.dispatched.v1", "o-1", "3", `{}`)
		w.publish("5", "customer.notified.v1", "o-1", "3", `{"template": "order_confirmed"}`)
		w.publish("6", "customer.notified.v1", "o-1", "4", `{"template": "order_shipped"}`)
		w.publish("11", "order.placed.v1", "o-2", "request", `{}`)
		w.publish("12", "payment.authorized.v1", "o-2", "11", `{"amountCents": 50}`)
		w.publish("13", "order.cancelled.v1", "o-2", "11", `{}`)
		w.publish("14", "payment.refunded.v1", "o-2", "13", `{"amountCents": 50}`)
		w.publish("15", "customer.notified.v1", "o-2", "13", `{"template": "order_cancelled"}`)
	}
	w.publish("21", "order.placed.v1", "o-3", "", `{}`)
	w.publish("22", "payment.declined.v1", "o-3", "", `{}`)
	w.publish("23", "payment.authorized.v1", "o-3", "21", `{"amountCents": 70}`)
	w.document("orders", "order/o-1", `{"orderId": "o-1", "state": "shipped", "region": "eu", "totalCents": 100, "placed": true}`)
	w.document("orders", "order/o-2", `{"orderId": "o-2", "state": "cancelled", "region": "eu", "totalCents": 50, "placed": true}`)
	w.document("orders", "order/o-3", `{"orderId": "o-3", "state": "cancelled", "region": "eu", "totalCents": 70, "placed": true}`)
	w.document("history", "order/o-1", `{"state": "shipped", "customerId": "c-1"}`)
	w.document("history", "order/o-2", `{"state": "cancelled", "customerId": "c-1"}`)
	w.document("payments", "payment/o-1", `{"state": "authorized", "amountCents": 100}`)
	w.document("payments", "payment/o-2", `{"state": "refunded", "amountCents": 50}`)
	w.document("inventory", "reservation/o-1", `{"state": "reserved", "lines": [{"sku": "mask", "quantity": 2}]}`)
	w.document("inventory", "reservation/o-2", `{"state": "released"}`)
	w.document("inventory", "stock/mask", `{"free": 498, "reserved": 2}`)
	return w
}

func (w world) publish(id, kind, subject, cause, data string) {
	w.Published = append(w.Published, event(id, kind, subject, cause, data))
}

func (w world) document(service, key, body string) {
	if w.Documents[service] == nil {
		w.Documents[service] = map[string]json.RawMessage{}
	}
	w.Documents[service][key] = json.RawMessage(body)
}

func (w world) exec(statement string) {
	if _, err := w.Databases["warehouse"].Exec(statement); err != nil {
		w.t.Fatal(err)
	}
}

func TestSound(t *testing.T) {
	w := sound(t)
	w.document("orders", "order/o-4", `{"orderId": "o-4", "state": "confirmed", "region": "asia", "placed": true}`) // to a region without shipping
	w.document("history", "order/o-4", `{"state": "confirmed", "customerId": "c-1"}`)
	w.document("payments", "payment/o-4", `{"state": "authorized"}`)
	w.document("inventory", "reservation/o-4", `{"state": "reserved"}`)
	w.publish("41", "order.placed.v1", "o-4", "", `{}`)
	w.publish("42", "order.confirmed.v1", "o-4", "41", `{}`)
	w.publish("43", "customer.notified.v1", "o-4", "42", `{"template": "order_confirmed"}`)
	if broken := invariants.Check(w.World); len(broken) > 0 {
		t.Errorf("a sound world violates %v", broken)
	}
}

// TestBroken breaks one thing at a time.
func TestBroken(t *testing.T) {
	document := func(service, key, body string) func(world) {
		return func(w world) { w.document(service, key, body) }
	}
	publish := func(id, kind, subject, data string) func(world) {
		return func(w world) { w.publish(id, kind, subject, "1", data) }
	}
	request := func(status int, answer string) func(world) {
		return func(w world) {
			w.Requests = append(w.Requests, invariant.Request{Method: "POST", Path: "/orders", Status: status, Answer: []byte(answer)})
		}
	}
	const order = `{"orderId": "o-1", "region": "eu", "totalCents": 100, "placed": true, "state": `
	for want, breaks := range map[string]func(world){
		`o-1 it is shipped, and "placed" in the history`:                   document("history", "order/o-1", `{"state": "placed", "customerId": "c-1"}`),
		`o-2 it is cancelled, and "" in the history`:                       document("history", "order/o-2", `{}`),
		"acknowledged request has its order: o-9":                          request(202, `{"orderId": "o-9"}`),
		"acknowledged request has its order: o-1 answered w":               request(200, `{"orderId": "o-1"}`),
		"its order: o-8 it was placed and does not exist":                  publish("8", "order.placed.v1", "o-8", `{}`),
		`one final state: o-1 it is "pending"`:                             document("orders", "order/o-1", order+`"pending"}`),
		"final state: o-1 it was never placed":                             document("orders", "order/o-1", `{"orderId": "o-1", "state": "shipped", "region": "eu", "totalCents": 100}`),
		"final state: o-3 it was never placed":                             document("orders", "order/o-3", `{"orderId": "o-3", "state": "shipped"}`),
		"o-1 it is confirmed, and was not shipped":                         document("orders", "order/o-1", order+`"confirmed"}`),
		"final state: o-1 it is cancelled, and":                            document("orders", "order/o-1", order+`"cancelled"}`),
		"effect once: o-1 orders recorded x.v1 twice":                      document("orders", "order/o-1", order+`"shipped", "history": [{"event": "x.v1"}, {"event": "x.v1"}]}`),
		"published once: o-1 order.confirmed.v1 as [3 8]":                  publish("8", "order.confirmed.v1", "o-1", `{}`),
		"published once: o-1 customer.notified.v1 order_shipped":           publish("8", "customer.notified.v1", "o-1", `{"template": "order_shipped"}`),
		"contradicts another: o-1 order.confirmed":                         publish("8", "order.cancelled.v1", "o-1", `{}`),
		"contradicts another: o-2 order.cancelled":                         publish("8", "shipment.dispatched.v1", "o-2", `{}`),
		"one end: o-1 confirmed true, cancelled true":                      publish("8", "order.cancelled.v1", "o-1", `{}`),
		"one end: o-8 confirmed false, cancelled false":                    document("orders", "order/o-8", `{"orderId": "o-8", "state": "cancelled", "placed": true}`),
		`o-1 it is confirmed for 100 cents, and its payment is "refunded"`: document("payments", "payment/o-1", `{"state": "refunded", "amountCents": 100}`),
		`payment is "authorized" for 99`:                                   document("payments", "payment/o-1", `{"state": "authorized", "amountCents": 99}`),
		"o-2 it is cancelled, and its payment of 50 cents":                 document("payments", "payment/o-2", `{"state": "authorized", "amountCents": 50}`),
		"200 cents were captured and 50 refunded":                          publish("8", "payment.authorized.v1", "o-1", `{"amountCents": 50}`),
		"o-2 it is cancelled, and its stock is reserved":                   document("inventory", "reservation/o-2", `{"state": "reserved"}`),
		"o-1 it is shipped, and its stock is reserved: fals":               document("inventory", "reservation/o-1", `{"state": "voided"}`),
		"mask: 499 free, 2 reserved":                                       document("inventory", "stock/mask", `{"free": 499, "reserved": 2}`),
		"mask: 499 free, 1 reserved":                                       document("inventory", "stock/mask", `{"free": 499, "reserved": 1}`),
		"mask: -1 free, 501 reserved":                                      document("inventory", "stock/mask", `{"free": -1, "reserved": 501}`),
		"hold 2 pieces of mask, whose stock was never":                     func(w world) { delete(w.Documents["inventory"], "stock/mask") },
		"shipped once: o-1 it has 2 shipments, and 1 are":                  func(w world) { w.exec("INSERT INTO jobs VALUES ('o-1')") },
		"shipped once: o-1 it has 0 shipments":                             func(w world) { w.exec("DELETE FROM jobs") },
		"shipped once: o-2 it has 1 shipments":                             func(w world) { w.exec("INSERT INTO jobs VALUES ('o-2')") },
		"order ends: o-2 order_shipped: notified true":                     publish("8", "customer.notified.v1", "o-2", `{"template": "order_shipped"}`),
		"can be read: read document order/o-1":                             document("orders", "order/o-1", `[]`),
		"the warehouse's jobs":                                             func(w world) { w.exec("DROP TABLE jobs") },
		"the warehouse's database does not":                                func(w world) { w.Databases = nil },
	} {
		t.Run(want, func(t *testing.T) {
			w := sound(t)
			breaks(w)
			expect(t, w, want)
		})
	}
}

func expect(t *testing.T, w world, want string) {
	t.Helper()
	var broken []string
	for _, v := range invariants.Check(w.World) {
		broken = append(broken, v.String())
	}
	if got := strings.Join(broken, "\n"); !strings.Contains(got, want) {
		t.Errorf("want %q, got:\n%s", want, got)
	}
}

// TestTheCardProcessor checks the comparison with the processor's records in this process.
func TestTheCardProcessor(t *testing.T) {
	t.Cleanup(invariants.Reset)
	charge := func(reference string, cents int) {
		if _, err := gateway.Process.Charge(t.Context(), gateway.Charge{Key: reference, Reference: reference, Token: "tok_ok", AmountCents: cents}); err != nil {
			t.Fatal(err)
		}
	}
	charge("o-1", 100)
	if broken := invariants.Check(sound(t).World); len(broken) > 0 {
		t.Errorf("broken: %v", broken)
	}
	charge("o-2", 50)
	expect(t, sound(t), "money is balanced: o-2 the card processor kept 50 cents, and 0 are due")
	invariants.Reset()
	charge("o-9", 50)
	expect(t, sound(t), "money is balanced: o-1 the card processor kept 0 cents, and 100 are due")
}
