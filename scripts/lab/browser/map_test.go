//go:build browser

package browsertest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"example.com/localcloud/faults"
	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/console"
	"example.com/troupe/scripts/internal/inject"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/target"
)

// inSight is an expression that reports whether the middle of an element can be seen.
func inSight(selector string) string {
	return `(() => { const element = document.querySelector(` + quote(selector) + `);
		if (!element) return false;
		const r = element.getBoundingClientRect();
		return element.contains(document.elementFromPoint(r.x + Math.min(r.width, innerWidth - r.x) / 2, r.y + r.height / 2)); })()`
}

// TestMapChosen checks that what is chosen on the map stays in sight at any width, with its card, and its neighbours lit.
func TestMapChosen(t *testing.T) {
	b := open(t, "/")
	for _, width := range []int64{1440, wide, 1000, narrow} {
		b.look(width, light)
		b.visit("/")
		b.until(inSight(`.card[data-service="dome"]`))
		for _, selector := range []string{`.card[data-service="dome"]`, `a.row[data-event="observation.announced.v1"]`} {
			eval[bool](b, `(document.querySelector(`+quote(selector)+`).dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true})), true)`)
			b.until(`document.querySelector(` + quote(selector+".chosen") + `)`)
			b.until(inSight(selector + ".chosen"))
			b.until(inSight(".aside h2"))
			if width >= 1000 && !eval[bool](b, `document.querySelector(".aside").getBoundingClientRect().left >= document.querySelector(".map .scroll").getBoundingClientRect().right`) {
				t.Errorf("at %d px, the card isn't beside the map", width)
			}
		}
		b.picture(fmt.Sprintf("map-chosen-%d", width))
	}
	b.look(wide, light)
	for path, want := range map[string]string{"/?service=dome": "desk dome", "/?event=slot.assigned.v1": "desk scheduling"} {
		b.visit(path)
		b.until(`document.querySelector(".card.lit")`)
		lit := eval[string](b, `[...document.querySelectorAll(".card.lit")].map((e) => e.dataset.service).sort().join(" ")`)
		if lit != want {
			t.Errorf("%s lights %s, want %s", path, lit, want)
		}
		b.until(`Number(getComputedStyle(document.querySelector('.card[data-service="herald"]')).opacity) < 0.5`)
	}
	b.press("\x1b")
	const focused = `document.activeElement.matches("a.row, a.card")`
	b.until(`location.search === "" && !document.querySelector(".score.focus") && ` + focused)
	b.redrawn(wide - 20)
	b.until(focused)
}

// redrawn changes the width and waits until the map is drawn again.
func (b *tab) redrawn(width int64) {
	b.t.Helper()
	eval[bool](b, `(document.querySelector(".sheet").id = "before", true)`)
	b.do(chromedp.EmulateViewport(width, height))
	b.until(`document.querySelector(".sheet:not(#before)")`)
}

// TestMapSearch searches the map, and goes to the first match.
func TestMapSearch(t *testing.T) {
	b := open(t, "/")
	b.until(`document.querySelector(".score .row")`)
	b.enter("#q", "slot")
	b.sees("[role=search] [role=status]", "3 matches")
	b.until(`location.search === "?q=slot" && document.querySelectorAll("a.row.lit").length === 3 && document.querySelectorAll(".card.lit").length === 0`)
	b.visit("/?q=SLOT+assigned")
	b.sees("[role=search] [role=status]", "1 match")
	eval[bool](b, `(document.getElementById("q").focus(), true)`)
	b.press("\r")
	b.sees(".aside h2", "slot.assigned.v1")
	b.visit("/?q=nothing-is-called-this")
	b.sees("[role=search] [role=status]", "No matches.")
}

// TestMapMarks checks that the map marks services with active faults, those that retry, and those that don't run.
func TestMapMarks(t *testing.T) {
	client := removeFaults(t)
	b := open(t, "/?service=scheduling")
	b.until(`document.querySelector(".aside [data-depth] dd")`)
	if err := client.Put(t.Context(), inject.Named("clouds", faults.Fault{Kind: faults.Fail, Service: "dynamodb"})); err != nil {
		t.Fatal(err)
	}
	b.until(`document.querySelectorAll(".card.faulty").length === document.querySelectorAll(".card[data-service]").length`)
	b.sees(".aside [data-state]", "1 active fault: all the calls of all services to dynamodb fail")
	if err := client.Delete(t.Context(), "clouds-fail-dynamodb"); err != nil {
		t.Fatal(err)
	}
	b.until(`!document.querySelector(".card.faulty")`)

	execution := begin(t, "retried")
	b.until(`document.querySelector('.card.retrying[data-service="scheduling"]')`)
	b.sees(`[data-gauge="scheduling"]`, "1 retrying")
	b.sees(".aside [data-state]", "It failed at 1 message and will retry.")
	b.picture("map-retrying")
	open(t, of(execution)+"?new").box("ran", "scheduling Calendar.Assign")
	b.until(`!document.querySelector(".card.retrying")`)

	c := another(t, troupe.Declared(), at, func() map[string]string { return map[string]string{"dome": "exit status 2: no such file"} })
	b = openAt(t, c.URL, "/?service=dome")
	b.until(`document.querySelector('.card.failing[data-service="dome"] title')?.textContent.includes("It isn't running: exit status 2")`)
	b.sees(`[data-gauge="dome"]`, "not running")
	b.sees(".aside [data-state]", "It isn't running: exit status 2: no such file")
	b.picture("map-failing")
	b.visit("/executions")
	b.sees("#problems:not([hidden])", "dome isn't running: exit status 2: no such file")
}

// another starts a console besides the one that all tests share.
func another(t *testing.T, declared *stack.Declared, at *target.Target, problems func() map[string]string) *console.Console {
	t.Helper()
	c, err := console.Start(console.Options{
		Addr: "127.0.0.1:0", Env: stack.Env, Declared: declared, Target: at, Queues: 100 * time.Millisecond, Source: silent{}, Problems: problems,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// crowd declares services that each publish two events and read two of the one before.
func crowd(n int) *stack.Declared {
	declared := &stack.Declared{Root: troupe.Declared().Root}
	data := troupe.Declared().Contracts[0]
	for i := range n {
		event := func(service, k int) string { return fmt.Sprintf("guild%02d.happened%d.v1", (service+n)%n, k) }
		m := &manifest.Manifest{Name: fmt.Sprintf("guild%02d", i), Runtime: manifest.Lambda, Store: manifest.None}
		for k := range 2 {
			m.Publishes = append(m.Publishes, event(i, k))
			m.Subscribes = append(m.Subscribes, manifest.Subscription{Event: event(i-1, k)})
			declared.Contracts = append(declared.Contracts, schema.Event{
				Contract: events.Contract{Type: event(i, k), Producer: m.Name, Channel: events.EventBridge, Schema: data.Schema}, Subject: data.Subject, Examples: data.Examples,
			})
		}
		declared.Manifests = append(declared.Manifests, m)
	}
	return declared
}

// TestMapOfMany checks that names are level where they fit, and stay in sight where a map scrolls.
func TestMapOfMany(t *testing.T) {
	nowhere := &target.Target{Config: at.Config}
	b := openAt(t, another(t, crowd(7), nowhere, nil).URL, "/")
	b.do(chromedp.EmulateViewport(1440, height))
	b.visit("/")
	b.until(`document.querySelectorAll(".card .name").length === 7`)
	if turned := eval[int](b, `document.querySelectorAll(".card .name[transform]").length`); turned > 0 {
		t.Errorf("%d of 7 names are vertical at 1440 px", turned)
	}
	b = openAt(t, another(t, crowd(30), nowhere, nil).URL, "/?service=guild29")
	b.until(inSight(`.card[data-service="guild29"]`)) // it is at the far right
	for _, width := range []int64{wide, narrow} {
		b.look(width, light)
		b.visit("/")
		b.until(`document.querySelectorAll(".card[data-service]").length === 30`)
		eval[bool](b, `(() => { const map = document.querySelector(".map .scroll"); map.scrollIntoView({block: "start"}); map.scrollTo(map.scrollWidth, map.scrollHeight); return true; })()`)
		services := eval[[]string](b, `[...document.querySelectorAll(".card[data-service]")].filter((e) => { const r = e.getBoundingClientRect(); return e.contains(document.elementFromPoint(r.x + r.width / 2, r.y + 20)); }).map((e) => e.dataset.service)`)
		last := eval[string](b, `[...document.querySelectorAll(".card[data-service]")].at(-1).dataset.service`)
		if !slices.Contains(services, last) {
			t.Errorf("at %d px, the cards in sight are %s, want %s among them", width, strings.Join(services, " "), last)
		}
		const names = `(() => { const map = document.querySelector(".map .scroll").getBoundingClientRect(); return [...document.querySelectorAll(".sheet .event")].filter((e) => { const r = e.getBoundingClientRect(); return getComputedStyle(e).visibility === "visible" && r.x >= map.x && r.x < map.x + 60 && r.y > map.y && r.bottom <= map.bottom; }).length; })()`
		b.until(names + " > 0")
		b.redrawn(width - 20)
		b.until(names + " > 0")
		b.picture(fmt.Sprintf("map-thirty-%d", width))
	}
}

// TestDocuments looks at a service's documents by the prefix of their keys.
func TestDocuments(t *testing.T) {
	execution := play(t, "demo/completed")
	id := subject(t, execution)
	b := open(t, "/?service=desk")
	b.until(`document.querySelector('.aside a[href="/documents/desk"]')`)
	eval[bool](b, `(document.querySelector('.aside a[href="/documents/desk"]').click(), true)`)
	b.sees("h1", "Documents of desk")
	b.until(`document.querySelector("main summary")`)
	b.picture("documents")
	key := eval[string](b, `[...document.querySelectorAll("main summary")].map((e) => e.dataset.key).find((key) => key.includes(`+quote(id)+`)) ?? ""`)
	if key == "" {
		t.Fatalf("no document of %s is shown", id)
	}
	b.enter("#prefix", key)
	b.until(`document.querySelector("[role=search] [role=status]").textContent === "1 document"`)
	b.until(`new URLSearchParams(location.search).get("prefix") === ` + quote(key))
	eval[bool](b, `(document.querySelector("main summary").click(), true)`) // in one step, because the list is redrawn
	b.sees("main details[open] pre", id)
	b.visit("/documents/dome") // it has an SQL store
	b.sees("h1", "Not found")
}
