//go:build browser

package browsertest_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"example.com/troupe/events"
)

// write replaces what stands in a field.
func (b *tab) write(place, text string) {
	b.t.Helper()
	b.until(`document.querySelector('[data-place="` + place + `"]')`)
	eval[bool](b, `(() => { const field = document.querySelector('[data-place="`+place+`"]'); field.value = `+quote(text)+`; return true; })()`)
}

// TestPublish: the form says at the field what is wrong, and takes what is right.
func TestPublish(t *testing.T) {
	b := open(t, "/publish/order.placed.v1")
	b.write("/lines/0/quantity", "0")
	b.write("/email", "nobody")
	b.click("form.shape button[type=submit]")
	b.sees(`[data-violation="/lines/0/quantity"]`, "at least 1")
	b.sees(`[data-violation="/email"]`, "of the format email")
	if focused := eval[string](b, "document.activeElement.dataset.place"); focused != "/email" {
		t.Errorf("the focus is at %q, want the first wrong field", focused)
	}
	b.picture("publish-refused")
	b.write("/lines/0/quantity", "1")
	b.write("/email", "ada@example.com")
	b.click("form.shape button[type=submit]")
	b.sees(`[role="status"]`, "Published")
	b.click(`main [role="status"] a`)
	b.box("ran", "payments Desk.Authorize")
}

// TestRequest: an order placed on the page, and one that is refused.
func TestRequest(t *testing.T) {
	b := open(t, "/request")
	b.click("form button[type=submit]")
	b.sees(`[role="status"]`, "status 202")
	b.click(`main [role="status"] a`)
	b.box("ran", "checkout POST /orders")
	b.visit("/request")
	eval[bool](b, `(() => { document.getElementById("body").value = "{}"; return true; })()`)
	b.click("form button[type=submit]")
	b.sees(`[role="status"]`, "status 4")
}

// poison puts an event on the bus that breaks its contract, as no service of ours would.
func poison(t *testing.T) (order string) {
	t.Helper()
	order = "o-" + events.NewID()
	detail := `{"metadata": {"id": "` + events.NewID() + `", "type": "order.placed.v1", "subject": "` + order + `", "correlationId": "` + order + `",
		"producer": "checkout", "occurredAt": "2026-01-01T00:00:00Z"}, "data": {"orderId": "<img src=x onerror=alert(1)>"}}`
	_, err := eventbridge.NewFromConfig(at.Config).PutEvents(t.Context(), &eventbridge.PutEventsInput{Entries: []types.PutEventsRequestEntry{{
		EventBusName: &at.BusName, Source: aws.String("checkout"), DetailType: aws.String("order.placed.v1"), Detail: &detail,
	}}})
	if err != nil {
		t.Fatal(err)
	}
	return order
}

// TestPoison: an event that breaks its contract is dead-lettered, seen with its reason, and redriven; and what it holds is
// text.
func TestPoison(t *testing.T) {
	order := poison(t)
	b := open(t, of(order)+"?new")
	b.until(`document.querySelectorAll("a.box.dead-lettered").length === 3`) // payments, inventory, orders
	b.choose("dead-lettered", "payments")
	b.sees(".aside .box-note", "bad-contract")
	b.sees(".aside pre", "<img src=x onerror=alert(1)>")
	b.picture("dead-lettered")

	b.visit("/dead-letters")
	b.sees(".letters h2", "payments")
	b.sees(".letters summary", "bad-contract")
	b.sees("#dead", "3")
	b.picture("dead-letters")
	eval[bool](b, `([...document.querySelectorAll(".letters")].find((e) => e.querySelector("h2").textContent === "payments").querySelector("button").click(), true)`)
	b.sees(`[role="status"]`, "on the way back to payments")
	b.visit(of(order))
	b.box("dead-lettered", "attempts: 2") // it is as poisonous as before
	if strings.Contains(eval[string](b, "document.documentElement.outerHTML"), "<img src=x") {
		t.Error("what an event holds became markup")
	}
}
