//go:build browser

package browsertest_test

import (
	"context"
	"testing"

	"example.com/localcloud/faults"
	"example.com/troupe/scripts/internal/inject"
)

// pick selects an option of a select.
func (b *tab) pick(id, value string) {
	b.t.Helper()
	b.until(`[...document.getElementById(` + quote(id) + `).options].some((o) => o.value === ` + quote(value) + `)`)
	eval[bool](b, `(() => { const s = document.getElementById(`+quote(id)+`); s.value = `+quote(value)+`; return s.dispatchEvent(new Event("change")); })()`)
}

// fill fills the field with an ID.
func (b *tab) fill(id, text string) {
	b.t.Helper()
	eval[string](b, `document.getElementById(`+quote(id)+`).value = `+quote(text))
}

// removeFaults removes all faults at the end of the test, even if it fails.
func removeFaults(t *testing.T) *inject.Client {
	t.Helper()
	client := inject.New(at.Config)
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context()) // the test's own context has ended by then
		listed, err := client.List(ctx)
		for _, f := range listed {
			if err == nil {
				err = client.Delete(ctx, f.Id)
			}
		}
		if err != nil {
			t.Error(err)
		}
	})
	return client
}

const bannerHidden = `document.getElementById("faults").hidden`

// TestFault checks that a fault injected on the page turns a step amber, and that the step turns green once the fault
// is removed.
func TestFault(t *testing.T) {
	removeFaults(t)
	b := open(t, "/faults")
	b.sees("main", "No active faults")
	b.pick("service", "scheduling")
	b.pick("kind", "fail")
	b.pick("called", "dynamodb")
	b.click("form button[type=submit]")
	b.sees("tbody th", "all the calls of scheduling to dynamodb fail with InternalFailure")
	b.sees("#faults", "1 active fault: scheduling-fail-dynamodb")

	execution := begin(t, "demo/completed")
	b.visit(of(execution) + "?new")
	b.box("retrying", "scheduling")
	b.sees("#faults", "scheduling-fail-dynamodb")
	b.picture("fault-amber")

	b.click("#faults a")
	b.until(`document.querySelector("td.figure")?.textContent !== "0 times"`)
	b.picture("fault-on")
	b.click(`button[aria-label="Remove scheduling-fail-dynamodb"]`)
	b.sees(`[role="status"]`, "scheduling-fail-dynamodb removed; it was applied")
	b.until(bannerHidden)
	if focused := eval[string](b, "document.activeElement.textContent"); focused != "Active faults" {
		t.Errorf("the focus is at %q, want the heading of what is on", focused)
	}
	b.visit(of(execution))
	b.box("ran", "scheduling Calendar.Assign: ran, attempts:")
	b.picture("fault-green")
}

// TestFaultRefused checks that the form shows why a fault is refused.
func TestFaultRefused(t *testing.T) {
	removeFaults(t)
	b := open(t, "/faults")
	b.fill("rate", "150")
	b.click("form button[type=submit]")
	b.sees(`[role="status"]`, "Rate must be from 0 to 1")
	b.pick("service", "dome")
	if eval[bool](b, `[...document.getElementById("kind").options].some((o) => o.value === "crash")`) {
		t.Error("a crash of a worker is offered, which the cloud does not run")
	}
	b.pick("kind", "duplicate")
	if !eval[bool](b, `document.getElementById("called").closest(".field").hidden && document.getElementById("latency").closest(".field").hidden`) {
		t.Error("duplicates are asked for a latency, or for what is called")
	}
}

// TestFaultFromElsewhere checks that a fault injected elsewhere appears on every open page.
func TestFaultFromElsewhere(t *testing.T) {
	client := removeFaults(t)
	b := open(t, "/executions")
	b.until(bannerHidden)
	if err := client.Put(t.Context(), inject.Named("all", faults.Fault{Kind: faults.Slow, LatencyMs: 1})); err != nil {
		t.Fatal(err)
	}
	b.sees("#faults", "all-slow")
	execution := begin(t, "demo/completed")
	for _, path := range []string{"/", "/publish", "/request", "/dead-letters", "/faults", of(execution) + "?new"} {
		b.visit(path)
		b.sees("#faults:not([hidden])", "1 active fault: all-slow")
	}
	script, err := axe()
	if err != nil {
		t.Fatal(err)
	}
	b.visit("/faults")
	for _, width := range []int64{wide, narrow} {
		for _, scheme := range []string{light, dark} {
			b.look(width, scheme)
			b.accessible(script, "faults-on", width, scheme)
		}
	}
	if err := client.Delete(t.Context(), "all-slow"); err != nil {
		t.Fatal(err)
	}
	b.until(bannerHidden)
}

// TestFaultByKeyboard injects and removes a fault by keyboard.
func TestFaultByKeyboard(t *testing.T) {
	removeFaults(t)
	b := open(t, "/faults")
	b.pick("service", "scheduling")
	b.pick("kind", "slow")
	b.tabTo(`document.activeElement.matches("form button[type=submit]")`)
	b.press("\r")
	b.until(`document.querySelector("tbody button")`)
	b.tabTo(`document.activeElement.matches("tbody button")`)
	begin(t, "demo/completed") // the list counts how often it was applied, and the focus stays
	b.until(`document.querySelector("td.figure")?.textContent !== "0 times" && document.activeElement.matches("tbody button")`)
	b.press("\r")
	b.until(`!document.querySelector("tbody button")`)
}
