//go:build browser

package browsertest_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/chromedp/chromedp"

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

// TestPublishAgain checks that each click publishes an event with its own identities, that what a user typed stays, and
// that the event can be copied as a command.
func TestPublishAgain(t *testing.T) {
	b := open(t, "/publish/observation.requested.v1")
	b.write("/email", "ada@example.com")
	var followed []string
	for range 2 {
		b.click("form.shape button[type=submit]")
		b.until(`document.querySelector('main [role="status"] a') && !` + quoteAll(followed) + `.includes(document.querySelector('main [role="status"] a').textContent)`)
		followed = append(followed, eval[string](b, `document.querySelector('main [role="status"] a').textContent`))
	}
	if email := eval[string](b, `document.querySelector('[data-place="/email"]').value`); email != "ada@example.com" {
		t.Errorf("the address that was typed became %s", email)
	}
	b.write("/observationId", "obs-typed")
	b.click("form.shape button[type=submit]")
	b.sees(`[role="status"]`, "Follow obs-typed")
	if id := eval[string](b, `document.querySelector('[data-place="/observationId"]').value`); id != "obs-typed" {
		t.Errorf("the identity that was typed became %s", id)
	}
	eval[bool](b, `(navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }, true)`)
	eval[bool](b, `([...document.querySelectorAll("button")].find((e) => e.textContent === "Copy as command").click(), true)`)
	b.until(`window.copied`)
	copied := eval[string](b, "window.copied")
	if !strings.HasPrefix(copied, "echo '{") || !strings.HasSuffix(copied, "| go run ./scripts/publish -endpoint "+troupe.Endpoint+" -data - observation.requested.v1") {
		t.Errorf("copied %s", copied)
	}
}

func quoteAll(texts []string) string {
	encoded, _ := json.Marshal(append([]string{}, texts...)) // encoding texts can't fail
	return string(encoded)
}

// TestErrorInSight checks that the sticky bar doesn't cover the field in error.
func TestErrorInSight(t *testing.T) {
	b := open(t, "/publish/observation.requested.v1")
	b.do(chromedp.EmulateViewport(wide, 300))
	b.write("/email", "nobody")
	b.until(`document.querySelector('[data-place="/email"]')`)
	eval[bool](b, `(() => { scrollBy(0, document.querySelector('[data-place="/email"]').getBoundingClientRect().top - 5);
		document.querySelector("form.shape button[type=submit]").click(); return true; })()`) // the field is under the bar
	b.until(`document.activeElement.dataset.place === "/email"`)
	b.until(`document.activeElement.getBoundingClientRect().top >= document.querySelector(".bar").getBoundingClientRect().bottom`)
	b.until(`document.elementFromPoint(document.activeElement.getBoundingClientRect().x + 5, document.activeElement.getBoundingClientRect().y + 5) === document.activeElement`)
}

// TestRequest sends a story's request, one that is refused, and one to a route without a story.
func TestRequest(t *testing.T) {
	b := open(t, "/request")
	b.offer("An observation gets a slot")
	b.until(`document.getElementById("method").value === "POST" && document.getElementById("path").value === "/observations"`)
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
	b.click("form button[type=submit]")
	b.sees(`[role="status"]`, "Fill in id")
	b.enter("#in-path-id", id)
	b.click("form button[type=submit]")
	b.sees(`[role="status"]`, "status 200")
	b.sees(`[role="status"] dt`, "Content-Type")
	b.sees(`[role="status"] pre`, id)
}

// TestRequestAny sends a request with another method, a query and a header of its own, and checks the curl command.
func TestRequestAny(t *testing.T) {
	b := open(t, "/request")
	b.until(`document.getElementById("path")?.value === "/observations"`)
	eval[bool](b, `(navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }, true)`)
	key := eval[string](b, `document.querySelector('[aria-label="Value of header 2"]').value`)
	b.click("form button[type=submit]")
	b.sees(`[role="status"]`, "status 202")
	if again := eval[string](b, `document.querySelector('[aria-label="Value of header 2"]').value`); again == key || again == "" {
		t.Errorf("the next request has the idempotency key %q again", again)
	}
	b.enter(`[aria-label="Value of header 2"]`, key)
	b.click("form button[type=submit]")
	b.sees(`[role="status"]`, "Answered")
	if kept := eval[string](b, `document.querySelector('[aria-label="Value of header 2"]').value`); kept != key {
		t.Errorf("the key that was typed became %q", kept)
	}

	b.pick("method", "DELETE")
	b.enter("#path", "/observations/{name}")
	b.enter("#in-path-name", "o 1/2")
	for _, one := range []string{"parameter", "header"} {
		eval[bool](b, `([...document.querySelectorAll("button")].find((e) => e.textContent === "Add `+one+`").click(), true)`)
	}
	b.enter(`[aria-label="Name of parameter 1"]`, "sky")
	b.enter(`[aria-label="Value of parameter 1"]`, "it's clear")
	b.enter(`[aria-label="Name of header 3"]`, "X-Telescope")
	b.enter(`[aria-label="Value of header 3"]`, "east")
	b.enter("#body", "{")
	b.sees("#body-hint", "The body isn't valid JSON.")
	b.enter("#body", "")
	eval[bool](b, `([...document.querySelectorAll("button")].find((e) => e.textContent === "Copy as curl").click(), true)`)
	want := "curl -i -X DELETE '" + troupe.API + "/observations/o%201%2F2?sky=it%27s+clear' -H 'Content-Type: application/json' -H 'Idempotency-Key: " + key + "' -H 'X-Telescope: east'"
	b.until(`window.copied`)
	if copied := eval[string](b, "window.copied"); strings.ReplaceAll(copied, `'\''`, "%27") != want && copied != want {
		t.Errorf("copied %s, want %s", copied, want)
	}
	b.click("form button[type=submit]")
	b.sees(`[role="status"]`, "status 404") // no service has that route
	b.picture("request-any")
}

// enter types into an element, for the page as a user does.
func (b *tab) enter(selector, text string) {
	b.t.Helper()
	b.until(`document.querySelector(` + quote(selector) + `)`)
	eval[bool](b, `(() => { const field = document.querySelector(`+quote(selector)+`); field.value = `+quote(text)+`; return field.dispatchEvent(new Event("input", {bubbles: true})); })()`)
}

// TestRequestFresh checks that what a story generates for each play is also new each time it is offered.
func TestRequestFresh(t *testing.T) {
	b := open(t, "/request")
	b.offer("A transient failure")
	b.until(`document.getElementById("body").value.includes("down_until_")`)
	before := eval[string](b, `document.getElementById("body").value`)
	b.click("form > .row button[type=button]")
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
	detail := `{"metadata": {"id": "` + events.NewID() + `", "type": "observation.requested.v1", "subject": "<img src=x onerror=alert(1)>", "correlationId": "` + execution + `",
		"producer": "desk", "occurredAt": "2026-01-01T00:00:00Z"}, "data": {"observationId": "obs-1"}}`
	_, err := eventbridge.NewFromConfig(at.Config).PutEvents(t.Context(), &eventbridge.PutEventsInput{Entries: []types.PutEventsRequestEntry{{
		EventBusName: &at.BusName, Source: aws.String("desk"), DetailType: aws.String("observation.requested.v1"), Detail: &detail,
	}}})
	if err != nil {
		t.Fatal(err)
	}
	return execution
}

// TestPoison checks that an event that breaks its contract is dead-lettered, shown with its reason, and redriven, and
// that its subject is shown as text.
func TestPoison(t *testing.T) {
	execution := poison(t)
	b := open(t, of(execution)+"?new")
	b.until(`document.querySelectorAll("a.box.dead-lettered").length === 2`) // scheduling, desk
	b.choose("dead-lettered", "scheduling")
	b.sees(".aside .box-note", "bad-contract")
	b.sees(".aside pre", "[personal]") // the contract marks an address, and of an event that breaks it nothing is known
	b.sees("main", "<img src=x onerror=alert(1)>")
	b.picture("dead-lettered")

	b.visit("/dead-letters")
	b.sees(".letters h2", "scheduling")
	b.sees(".letters summary", "bad-contract")
	b.sees("#dead", "2")
	b.picture("dead-letters")
	if twice := eval[bool](b, `[...document.querySelectorAll(".letters summary")].some((e) => e.textContent.split("bad-contract").length > 2)`); twice {
		t.Error("a letter shows its reason twice")
	}
	b.look(narrow, light)
	b.until(`document.querySelector(".letters .row p").getBoundingClientRect().width > 120`)
	b.look(wide, light)
	eval[bool](b, `([...document.querySelectorAll(".letters")].find((e) => e.querySelector("h2").textContent === "scheduling").querySelector("button").click(), true)`)
	b.sees(`[role="status"]`, "failed again at scheduling: ") // it still breaks its contract
	b.visit(of(execution))
	b.box("dead-lettered", "attempts: 2")
	if strings.Contains(eval[string](b, "document.documentElement.outerHTML"), "<img src=x") {
		t.Error("what an event holds became markup")
	}
}
