package history_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"example.com/troupe/events/checkout"
	"example.com/troupe/events/orders"
	"example.com/troupe/events/warehouse"
	"example.com/troupe/services/history/internal/history"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/eventingtest"
)

var (
	placed     = eventingtest.Hear(history.Placed, checkout.OrderPlaced{OrderID: "o-1", CustomerID: "c-1", TotalCents: 1905, Currency: "EUR"})
	confirmed  = eventingtest.Hear(history.Confirmed, orders.OrderConfirmed{OrderID: "o-1", CustomerID: "c-1"})
	cancelled  = eventingtest.Hear(history.Cancelled, orders.OrderCancelled{OrderID: "o-1", Reason: orders.CancelledReasonOutOfStock})
	dispatched = eventingtest.Hear(history.Dispatched, warehouse.ShipmentDispatched{OrderID: "o-1", Carrier: "Post", TrackingNumber: "KO1"})
)

// order returns the order of these events with changes to it.
func order(state string, changes ...func(*history.Order)) []eventing.Document {
	o := &history.Order{ID: "o-1", State: state, CustomerID: "c-1", PlacedAt: eventingtest.Now, TotalCents: 1905, Currency: "EUR"}
	for _, change := range changes {
		change(o)
	}
	return []eventing.Document{o}
}

func paid(o *history.Order)    { o.Confirmed = true }
func shipped(o *history.Order) { o.Carrier, o.Tracking = "Post", "KO1" }
func ended(o *history.Order)   { o.Reason = orders.CancelledReasonOutOfStock }
func unknown(o *history.Order) { *o = history.Order{ID: o.ID, State: o.State} }

func TestEventsInAnyOrder(t *testing.T) {
	eventingtest.Run(t, []eventingtest.Case{
		{Name: "placed", When: placed, State: order("placed")},
		{Name: "confirmed", After: []eventingtest.Unit{placed}, When: confirmed, State: order("confirmed", paid)},
		{Name: "shipped", After: []eventingtest.Unit{placed, confirmed}, When: dispatched, State: order("shipped", paid, shipped)},
		{Name: "cancelled", After: []eventingtest.Unit{placed}, When: cancelled, State: order("cancelled", ended)},
		{Name: "the parcel comes first", When: dispatched, State: order("shipped", unknown, shipped)},
		{Name: "then its confirmation", After: []eventingtest.Unit{dispatched}, When: confirmed, State: order("shipped", unknown, shipped, paid)},
		{Name: "and the order last", After: []eventingtest.Unit{dispatched, confirmed}, When: placed, State: order("shipped", paid, shipped)},
		{Name: "a cancellation comes first", After: []eventingtest.Unit{cancelled}, When: placed, State: order("cancelled", ended)},
	})
}

// TestList pages through the orders of a customer, of which one is not known to be placed.
func TestList(t *testing.T) {
	state := eventingtest.NewMemory()
	_, err := state.Try(t.Context(), "given", func(_ context.Context, tx *eventing.Tx) error {
		for i := range 3 {
			tx.Save(&history.Order{ID: fmt.Sprint("o-", i), CustomerID: "c-1", PlacedAt: eventingtest.Now.AddDate(0, 0, i), State: "placed"})
		}
		tx.Save(&history.Order{ID: "o-other", CustomerID: "c-2", PlacedAt: eventingtest.Now, State: "placed"})
		tx.Save(&history.Order{ID: "o-early", State: "shipped"})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	list := func(query string) (status int, ids []string, next string) {
		t.Helper()
		r := httptest.NewRequest("GET", "/customers/c-1/orders"+query, nil)
		r.SetPathValue("id", "c-1")
		w := httptest.NewRecorder()
		if err := history.List(eventing.NewTx(state), w, r); err != nil {
			t.Fatal(err)
		}
		var page struct {
			Orders []history.Order
			Next   string
		}
		if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Orders {
			ids = append(ids, o.ID)
		}
		return w.Code, ids, page.Next
	}
	if _, ids, next := list(""); !slices.Equal(ids, []string{"o-2", "o-1", "o-0"}) || next != "" {
		t.Errorf("all: %v, then %q", ids, next)
	}
	_, ids, next := list("?limit=2")
	if _, rest, end := list("?limit=2&after=" + next); !slices.Equal(append(ids, rest...), []string{"o-2", "o-1", "o-0"}) || next == "" || end != "" {
		t.Errorf("page by page: %v, then %q; %v, then %q", ids, next, rest, end)
	}
	for _, limit := range []string{"0", "101", "x"} {
		if status, _, _ := list("?limit=" + limit); status != http.StatusBadRequest {
			t.Errorf("limit %s: %d", limit, status)
		}
	}
}
