package order_test

import (
	"context"
	"strings"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/events/checkout"
	"example.com/troupe/services/checkout/internal/catalogue"
	"example.com/troupe/services/checkout/internal/order"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/eventingtest"
)

func newDesk(t *testing.T) *order.Desk {
	t.Helper()
	products, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	return &order.Desk{Catalogue: products, Currency: products.Currency}
}

func request(change func(*order.Request)) order.Request {
	r := order.Request{
		CustomerID: "c-1", Email: "ann@example.com", Region: "eu", CardToken: "tok_ok",
		Lines: []order.Line{{SKU: "poster", Quantity: 2}, {SKU: "programme", Quantity: 1}},
	}
	change(&r)
	return r
}

func TestPlace(t *testing.T) {
	desk := newDesk(t)
	id := "o-" + strings.ReplaceAll(events.DeriveID(eventingtest.EventID, "order", 0), "-", "")[:20]
	eventingtest.Run(t, []eventingtest.Case{{
		Name: "prices come from the catalogue, the id from the request's key",
		When: eventingtest.Do(func(_ context.Context, tx *eventing.Tx) error {
			_, err := desk.Place(tx, request(func(*order.Request) {}))
			return err
		}),
		Then: []events.Event{checkout.OrderPlaced{
			OrderID: id, CustomerID: "c-1", Email: "ann@example.com", Region: "eu", CardToken: "tok_ok",
			Currency: "EUR", TotalCents: 4450, Lines: []checkout.OrderLine{
				{SKU: "poster", Quantity: 2, UnitPriceCents: 1900},
				{SKU: "programme", Quantity: 1, UnitPriceCents: 650},
			},
		}},
	}})
}

func TestInvalidRequests(t *testing.T) {
	desk := newDesk(t)
	tests := []struct {
		field  string
		change func(*order.Request)
	}{
		{"/customerId", func(r *order.Request) { r.CustomerID = "" }},
		{"/customerId", func(r *order.Request) { r.CustomerID = strings.Repeat("c", 201) }},
		{"/cardToken", func(r *order.Request) { r.CardToken = "" }},
		{"/email", func(r *order.Request) { r.Email = "ann" }},
		{"/email", func(r *order.Request) { r.Email = "Ann <ann@example.com>" }},
		{"/region", func(r *order.Request) { r.Region = "The Moon" }},
		{"/lines", func(r *order.Request) { r.Lines = nil }},
		{"/lines", func(r *order.Request) { r.Lines = make([]order.Line, order.MaxLines+1) }},
		{"/lines/1/quantity", func(r *order.Request) { r.Lines[1].Quantity = 0 }},
		{"/lines/0/quantity", func(r *order.Request) { r.Lines[0].Quantity = order.MaxQuantity + 1 }},
		{"/lines/1/sku", func(r *order.Request) { r.Lines[1].SKU = "unicorn" }},
		{"/lines/1/sku", func(r *order.Request) { r.Lines[1].SKU = "poster" }},
	}
	for _, test := range tests {
		tx := eventing.NewTx(eventingtest.NewMemory())
		_, err := desk.Place(tx, request(test.change))
		if err == nil || !strings.Contains(err.Error(), test.field+": ") {
			t.Errorf("error = %v, want one about %s", err, test.field)
		}
		if commit, _ := tx.Commit(); len(commit.Record.Messages) > 0 {
			t.Errorf("%s: an invalid order was placed", test.field)
		}
	}
}
