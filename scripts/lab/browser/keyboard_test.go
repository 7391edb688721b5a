//go:build browser

package browsertest_test

import "testing"

// TestKeyboard goes from the list to a step and back by keyboard.
func TestKeyboard(t *testing.T) {
	execution := begin(t, "demo/completed")
	b := open(t, "/executions?q="+execution)
	b.until(`document.querySelectorAll("tbody a").length === 1`)
	b.press("\t")
	if first := eval[string](b, "document.activeElement.textContent"); first != "Skip to content" {
		t.Errorf("the first stop is %q, want the way to the content", first)
	}
	b.tabTo(`document.activeElement.closest("tbody") !== null`)
	b.press("\r")
	b.until(`document.querySelector("a.box")`)
	b.tabTo(`document.activeElement.matches("a.box")`)
	box := eval[string](b, "document.activeElement.dataset.step")
	b.press("\r")
	b.until(`document.querySelector(".aside h2")`)
	b.press("\x1b")
	b.until(`document.querySelector(".aside h2") === null && document.activeElement.dataset.step === ` + quote(box))
}

// tabTo presses Tab until an element has the focus.
func (b *tab) tabTo(there string) {
	b.t.Helper()
	for range 60 {
		if eval[bool](b, there) {
			return
		}
		b.press("\t")
	}
	b.t.Fatalf("the tabulator does not lead to where %s", there)
}

// TestKeyboardMap selects a service and an event on the map, and follows their links.
func TestKeyboardMap(t *testing.T) {
	b := open(t, "/")
	b.until(`document.querySelector(".score .row")`)
	b.tabTo(`document.activeElement.dataset.service === "scheduling"`)
	b.press("\r")
	b.sees(".aside h2", "scheduling")
	b.sees(".aside .dim", "Calendar.Assign · services/scheduling/internal/calendar/")
	b.tabTo(`document.activeElement.closest(".aside") !== null && document.activeElement.textContent === "observation.requested.v1"`)
	b.press("\r")
	b.sees(".aside h2", "observation.requested.v1")
	b.sees(".aside h3", "Subscribers")
}

// TestKeyboardPublish corrects a field that was refused, and follows the published event.
func TestKeyboardPublish(t *testing.T) {
	b := open(t, "/publish/observation.requested.v1")
	b.until(`document.querySelector('[data-place="/email"]')`)
	b.tabTo(`document.activeElement.dataset.place === "/email"`)
	b.selectAll()
	b.press("nobody\r")
	b.sees(`[data-violation="/email"]`, "of the format email")
	b.until(`document.activeElement.dataset.place === "/email"`) // the field to correct
	b.selectAll()
	b.press("ada@example.com\r")
	b.sees(`[role="status"]`, "Published")
	b.until(`document.activeElement.textContent.startsWith("Follow ")`)
	b.press("\r")
	b.box("ran", "scheduling Calendar.Assign")
}

// selectAll selects the content of the focused field, as Tab does.
func (b *tab) selectAll() {
	b.t.Helper()
	eval[bool](b, `(document.activeElement.select(), true)`)
}

// TestShortcuts checks the keys that ? lists.
func TestShortcuts(t *testing.T) {
	b := open(t, "/faults")
	b.press("?")
	b.sees("dialog[open]", "Search on this page")
	b.press("\x1b")
	b.until(`!document.querySelector("dialog[open]")`)
	b.press("2")
	b.sees("h1", "Executions")
	b.press("/")
	b.until(`document.activeElement.id === "q"`)
	b.press("3?")
	b.until(`document.activeElement.value.endsWith("3?") && !document.querySelector("dialog[open]")`)
}
