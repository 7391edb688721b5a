//go:build browser

package browsertest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"testing"
)

// place places an order, and returns its execution and its number.
func place(t testing.TB, token, sku string) (execution, order string) {
	t.Helper()
	body := fmt.Sprintf(`{"customerId": "c-1", "email": "ada@example.com", "region": "eu", "cardToken": %q, "lines": [{"sku": %q, "quantity": 1}]}`, token, sku)
	response, err := http.Post(troupe.API+"/orders", "application/json", bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var placed struct{ OrderID string }
	if err := json.NewDecoder(response.Body).Decode(&placed); err != nil || response.StatusCode != http.StatusAccepted {
		t.Fatalf("POST /orders: status %d, %v", response.StatusCode, err)
	}
	return response.Header.Get("X-Correlation-Id"), placed.OrderID
}

func of(execution string) string { return "/executions/" + url.PathEscape(execution) }

// TestOrders: an order shows up in a list that is open already, and its diagram tells what ran and what did not, and why.
func TestOrders(t *testing.T) {
	for _, test := range []struct {
		name, token, sku string
		ran              []string // service and handler
		skipped, why     string
	}{
		{name: "shipped", token: "tok_ok", sku: "poster", ran: []string{"checkout POST /orders", "payments Desk.Authorize", "warehouse Dock.Ship", "notifications Desk.Dispatched"}},
		{name: "declined", token: "tok_declined", sku: "poster", ran: []string{"orders Book.Declined", "inventory Shelf.Release"}, skipped: "payments", why: "data.reason was payment_declined, wanted anything-but payment_declined"},
		{name: "sold-out", token: "tok_ok", sku: "sold-out-print", ran: []string{"orders Book.Rejected", "payments Desk.Refund"}, skipped: "inventory", why: "data.reason was out_of_stock, wanted anything-but out_of_stock"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := open(t, "/executions")
			execution, order := place(t, test.token, test.sku)
			b.sees("tbody tr th", order)
			b.sees(`tbody tr:has(a[href="`+of(execution)+`"]) .badge`, "done")
			b.click(`a[href="` + of(execution) + `"]`)
			for _, ran := range test.ran {
				b.box("ran", ran)
			}
			if test.skipped != "" {
				b.choose("skipped", test.skipped)
				b.sees(".aside .box-note", test.why)
			}
			if red := eval[int](b, `document.querySelectorAll(".box.dead-lettered, .box.retrying").length`); red > 0 {
				t.Errorf("%d boxes are dead-lettered or tried again", red)
			}
			b.picture("order-" + test.name)
		})
	}
}

// TestRetry: a payment that fails is amber while it is tried again, and one that failed at first is green, with both of its
// attempts.
func TestRetry(t *testing.T) {
	failing, _ := place(t, "tok_broken", "mask")
	b := open(t, of(failing)+"?new")
	b.box("retrying", "payments")
	flaky, _ := place(t, "tok_flaky", "mask")
	b.visit(of(flaky) + "?new")
	b.choose("ran", "payments Desk.Authorize: ran, attempts: 2")
	b.sees(".attempts", "the payment gateway is unavailable")
}

// TestStep: a step shows what went in, what came out and what changed.
func TestStep(t *testing.T) {
	execution, order := place(t, "tok_ok", "poster")
	b := open(t, of(execution)+"?new")
	b.choose("ran", "payments Desk.Authorize") // of those whose outcome no other event decides
	b.sees(".aside pre", order)
	b.sees(".aside ins", `"state": "authorized"`)
	b.sees(".aside summary", "payment.authorized.v1")
	address := eval[string](b, "location.href")
	again := open(t, address[len(page.URL):])
	again.sees(".aside h2", "payments") // the address alone leads there
	again.picture("step")
}

// TestSearch: a search by order, by event and by state, and its address.
func TestSearch(t *testing.T) {
	declined, order := place(t, "tok_declined", "poster")
	place(t, "tok_ok", "poster")
	b := open(t, "/executions?q="+order)
	b.until(`document.querySelectorAll("tbody tr").length === 1`)
	b.until(`document.querySelector('a[href="` + of(declined) + `"]')`)
	b.visit("/executions?state=done&q=payment.declined.v1")
	b.until(`document.querySelectorAll("tbody tr").length > 0`)
	b.visit("/executions?q=nothing-is-called-this")
	b.sees(".empty", "No execution is like that")
}
