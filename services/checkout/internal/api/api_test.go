package api_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/services/checkout/internal/api"
	"example.com/troupe/services/checkout/internal/catalogue"
	"example.com/troupe/services/checkout/internal/order"
	"example.com/troupe/services/kit/eventingtest"
	"example.com/troupe/services/kit/unit"
	"example.com/troupe/services/kit/web"
)

// anything is a bus that takes all events.
type anything struct{}

func (anything) Check(...events.Message) error                    { return nil }
func (anything) Publish(context.Context, ...events.Message) error { return nil }

// post sends a body to POST /orders.
func post(t testing.TB, body string) *httptest.ResponseRecorder {
	t.Helper()
	declaration, err := os.ReadFile("../../service.json")
	if err != nil {
		t.Fatal(err)
	}
	declared, err := manifest.Parse("service.json", declaration)
	if err != nil {
		t.Fatal(err)
	}
	products, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	desk := &order.Desk{Catalogue: products, Currency: products.Currency}
	runner := unit.New(declared, eventingtest.NewMemory(), anything{}, false)
	router := web.NewRouter(runner, []web.Route{{Pattern: "POST /orders", Handler: api.PlaceOrder(desk), Unit: true}})
	w := httptest.NewRecorder()
	router.ServeHTTP(w, httptest.NewRequest("POST", "/orders", strings.NewReader(body)))
	return w
}

func quiet(t testing.TB) {
	before := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	t.Cleanup(func() { slog.SetDefault(before) })
}

// encode returns a request with an e-mail address and other texts.
func encode(t testing.TB, email, customer, token, region, sku string, quantity int) string {
	body, err := json.Marshal(order.Request{CustomerID: customer, Email: email, Region: region, CardToken: token,
		Lines: []order.Line{{SKU: sku, Quantity: quantity}}})
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// TestAddressesThatTheContractRefuses: net/mail takes them, and order.placed.v1 does not.
func TestAddressesThatTheContractRefuses(t *testing.T) {
	quiet(t)
	products, err := catalogue.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, email := range []string{"a@b_c.com", "jürgen@example.com", strings.Repeat("a", 65) + "@example.com"} {
		w := post(t, encode(t, email, "c-1", "tok_ok", products.Regions[0], products.Products[0].SKU, 1))
		if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), `"field":"/email"`) {
			t.Errorf("%s: %d %s", email, w.Code, w.Body)
		}
	}
	if w := post(t, encode(t, "a@example.com", "c-1", "tok_ok", products.Regions[0], products.Products[0].SKU, 1)); w.Code != http.StatusAccepted {
		t.Errorf("a valid order: %d %s", w.Code, w.Body)
	}
}

// FuzzEdge: no order, whatever is in it, is answered as a failure of ours.
func FuzzEdge(f *testing.F) {
	quiet(f)
	products, err := catalogue.Load()
	if err != nil {
		f.Fatal(err)
	}
	for _, email := range []string{"a@example.com", "a@b_c.com", "é@example.com", "\"a b\"@example.com", "a@[127.0.0.1]", "a@-b.com", "\x00@b.c"} {
		f.Add(email, "c-1", "tok_ok", products.Regions[0], products.Products[0].SKU, 1)
	}
	f.Add("a@example.com", strings.Repeat("é", 100), "\xff", "", "x", -1)
	f.Fuzz(func(t *testing.T, email, customer, token, region, sku string, quantity int) {
		if w := post(t, encode(t, email, customer, token, region, sku, quantity)); w.Code >= 500 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}

// FuzzBody does the same with bodies that need not be orders.
func FuzzBody(f *testing.F) {
	quiet(f)
	f.Add(`{"customerId":"c","email":"a@b_c.com","lines":[{"sku":"x","quantity":1}]}`)
	f.Add(`[]`)
	f.Fuzz(func(t *testing.T, body string) {
		if w := post(t, body); w.Code >= 500 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}
