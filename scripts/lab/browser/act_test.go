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

// write replaces the content of a field.
func (b *tab) write(place, text string) {
	b.t.Helper()
	b.until(`document.querySelector('[data-place="` + place + `"]')`)
	eval[bool](b, `(() => { const field = document.querySelector('[data-place="`+place+`"]'); field.value = `+quote(text)+`; return true; })()`)
}

// TestPublish checks that the form shows an error at its field, and accepts valid data.
func TestPublish(t *testing.T) {
	b := open(t, "/publish/observation.requested.v1")
	b.write("/sky", "")
	b.write("/email", "nobody")
	b.click("form.shape button[type=submit]")
	b.sees(`[data-violation="/sky"]`, "must be at least 1")
	b.sees(`[data-violation="/email"]`, "of the format email")
	if focused := eval[string](b, "document.activeElement.dataset.place"); focused != "/email" {
		t.Errorf("the focus is at %q, want the first wrong field", focused)
	}
	b.picture("publish-refused")
	b.write("/sky", "dark")
	b.write("/email", "ada@example.com")
	b.click("form.shape button[type=submit]")
	b.sees(`[role="status"]`, "Published")
	b.click(`main [role="status"] a`)
	b.box("ran", "scheduling Calendar.Assign")
}

// TestRequest sends a story's request, one that is refused, and one to a route without a story.
func TestRequest(t *testing.T) {
	b := open(t, "/request")
	b.offer("An observation gets a slot")
	b.sees(`label[for="path"]`, "POST path")
	b.click("form button[type=submit]")
	b.sees(`[role="status"]`, "status 202")
	b.picture("request-sent")
	id := eval[string](b, `JSON.parse(document.querySelector("[role=status] pre").textContent).observationId`)
	b.click(`main [role="status"] a`)
	b.box("ran", "desk POST /observations")

	b.visit("/request")
	b.fill("body", "{}")
	b.click("form button[type=submit]")
	b.sees(`[role="status"]`, "status 4")

	b.offer("GET /observations/{id}")
	b.until(`document.getElementById("path").value === "/observations/{id}"`)
	if !eval[bool](b, `document.getElementById("body").closest(".field").hidden`) {
		t.Error("a GET is asked for a body")
	}
	b.fill("path", "/observations/"+id)
	b.click("form button[type=submit]")
	b.sees(`[role="status"]`, "status 200")
	b.sees(`[role="status"] pre`, id)
}

// TestRequestFresh checks that what a story generates for each play is also new each time it is offered.
func TestRequestFresh(t *testing.T) {
	b := open(t, "/request")
	b.offer("A transient failure")
	b.until(`document.getElementById("body").value.includes("down_until_")`)
	before := eval[string](b, `document.getElementById("body").value`)
	b.click("form button[type=button]")
	b.until(`document.getElementById("body").value !== ` + quote(before))
	b.until(`document.getElementById("body").value.includes("down_until_")`)
}

// offer selects the request whose title begins with a text.
func (b *tab) offer(title string) {
	b.t.Helper()
	eval[bool](b, `(() => { const s = document.getElementById("offer");
		s.selectedIndex = [...s.options].findIndex((o) => o.textContent.startsWith(`+quote(title)+`));
		return s.dispatchEvent(new Event("change")); })()`)
}

// poison publishes an event that breaks its contract, which no service of ours would do.
func poison(t *testing.T) (execution string) {
	t.Helper()
	execution = events.NewID()
	detail := `{"metadata": {"id": "` + events.NewID() + `", "type": "observation.requested.v1", "subject": "obs-1", "correlationId": "` + execution + `",
		"producer": "desk", "occurredAt": "2026-01-01T00:00:00Z"}, "data": {"observationId": "<img src=x onerror=alert(1)>"}}`
	_, err := eventbridge.NewFromConfig(at.Config).PutEvents(t.Context(), &eventbridge.PutEventsInput{Entries: []types.PutEventsRequestEntry{{
		EventBusName: &at.BusName, Source: aws.String("desk"), DetailType: aws.String("observation.requested.v1"), Detail: &detail,
	}}})
	if err != nil {
		t.Fatal(err)
	}
	return execution
}

// TestPoison checks that an event that breaks its contract is dead-lettered, shown with its reason, and redriven, and
// that its content is shown as text.
func TestPoison(t *testing.T) {
	execution := poison(t)
	b := open(t, of(execution)+"?new")
	b.until(`document.querySelectorAll("a.box.dead-lettered").length === 2`) // scheduling, desk
	b.choose("dead-lettered", "scheduling")
	b.sees(".aside .box-note", "bad-contract")
	b.sees(".aside pre", "<img src=x onerror=alert(1)>")
	b.picture("dead-lettered")

	b.visit("/dead-letters")
	b.sees(".letters h2", "scheduling")
	b.sees(".letters summary", "bad-contract")
	b.sees("#dead", "2")
	b.picture("dead-letters")
	eval[bool](b, `([...document.querySelectorAll(".letters")].find((e) => e.querySelector("h2").textContent === "scheduling").querySelector("button").click(), true)`)
	b.sees(`[role="status"]`, "on the way back to scheduling")
	b.visit(of(execution))
	b.box("dead-lettered", "attempts: 2") // it still breaks its contract
	if strings.Contains(eval[string](b, "document.documentElement.outerHTML"), "<img src=x") {
		t.Error("what an event holds became markup")
	}
}
