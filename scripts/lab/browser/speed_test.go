//go:build browser

package browsertest_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// The goal is a median of 200 ms on an idle machine. The tests log the measured value, and only fail far beyond the
// goal, because they run next to others.
const (
	tries   = 7
	tooSlow = 10 * time.Second
)

// judge logs the median and fails the test if it is far beyond the goal.
func judge(t *testing.T, what string, measured []time.Duration) {
	t.Helper()
	slices.Sort(measured)
	median := measured[len(measured)/2]
	t.Logf("%s: median %v of %d, from %v to %v", what, median.Round(time.Millisecond), len(measured), measured[0].Round(time.Millisecond), measured[len(measured)-1].Round(time.Millisecond))
	if median > tooSlow {
		t.Errorf("%s takes %v", what, median)
	}
}

// TestLive measures how soon open pages show what happens: from the request that begins a flow to its mark on the map
// and its row in the list.
func TestLive(t *testing.T) {
	for _, test := range []struct{ name, path, ready, shown string }{
		{"the map", "/", `.score .row`, `.row.active[data-event="observation.requested.v1"]`},
		{"the list", "/executions", `h1`, `tbody tr:first-child a`},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := open(t, test.path)
			b.until(`document.querySelector("` + test.ready + `") && document.getElementById("status").className === "live"`)
			var measured []time.Duration
			for range tries {
				measured = append(measured, b.delay(test.shown))
			}
			judge(t, test.name, measured)
		})
	}
}

// delay begins a flow and returns how long the page took to show it: as a new element, or as one that links to the
// execution.
func (b *tab) delay(shown string) time.Duration {
	b.t.Helper()
	b.until(`document.querySelector('` + shown + `:not([href*="/executions/"])') === null`)
	eval[bool](b, `(window.seen = [], window.watching?.disconnect(), window.watching = new MutationObserver(() => {
		for (const e of document.querySelectorAll('`+shown+`')) seen.push([Date.now(), e.getAttribute("href") ?? ""]);
	}), watching.observe(document.querySelector("main"), {subtree: true, childList: true, attributes: true, attributeFilter: ["class"]}), true)`)
	sent := time.Now()
	execution := begin(b.t, "demo/completed")
	found := `seen.find(([, href]) => !href.startsWith("/executions/") || href.endsWith(` + quote(execution) + `))`
	b.until(found)
	return time.UnixMilli(int64(eval[float64](b, found+"[0]"))).Sub(sent)
}

// TestPaint measures how soon the page paints and has its content.
func TestPaint(t *testing.T) {
	for _, test := range []struct{ name, path, content string }{
		{"the map", "/", ".score .row"},
		{"the list", "/executions", "main h1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := open(t, test.path)
			var painted, complete []time.Duration
			for range tries {
				b.do(chromedp.Reload())
				b.until(`performance.getEntriesByName("first-contentful-paint").length > 0`)
				painted = append(painted, ms(eval[float64](b, `performance.getEntriesByName("first-contentful-paint")[0].startTime`)))
				b.until(`document.querySelector("` + test.content + `")`)
				complete = append(complete, ms(eval[float64](b, `Math.max(...performance.getEntriesByType("resource").filter((r) => r.initiatorType !== "other" && !r.name.endsWith("/stream")).map((r) => r.responseEnd))`)))
			}
			judge(t, test.name+" painted first", painted)
			judge(t, test.name+" loaded", complete)
			if strings.Contains(eval[string](b, "document.body.innerText"), "undefined") {
				t.Error("the page shows an undefined value")
			}
		})
	}
}

func ms(n float64) time.Duration { return time.Duration(n * float64(time.Millisecond)) }
