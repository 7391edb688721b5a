//go:build browser

package browsertest_test

import (
	"net/url"
	"strconv"
	"testing"
	"time"

	"example.com/troupe/events"
)

// TestReplay counts the events in the archive, replays them to one service, and checks that it ignores those it has
// handled.
func TestReplay(t *testing.T) {
	began := time.Now().UTC().Format(time.RFC3339)
	execution := begin(t, "demo/completed")
	b := open(t, of(execution)+"?new")
	b.box("ran", "scheduling Calendar.Assign")

	b.visit("/replay")
	b.click("a[href='/replay'][aria-current=page]")
	eval[bool](b, `(document.getElementById("from").value = "yesterday", true)`)
	b.click("form button[type=submit]")
	b.sees(".box-note.bad", "how long ago")
	eval[bool](b, `(document.getElementById("from").value = `+quote(began)+`, document.getElementById("service").value = "scheduling", true)`)
	b.click("form button[type=submit]")
	b.sees("tbody th", "observation.requested.v1")
	if address := eval[string](b, "location.search"); address != "?from="+url.QueryEscape(began)+"&to=now&service=scheduling" {
		t.Errorf("the address is %s", address)
	}
	b.picture("replay-counted")
	b.click("button.primary")
	b.sees("[role=status]", "Replay completed")
	b.sees("[role=status] li", "scheduling: ")
	b.sees("[role=status] li", "repeated")
	b.picture("replay-done")

	repeats := troupe.Steps.Where(func(s events.Step) bool {
		return s.CorrelationID == execution && s.Outcome == events.Repeated && s.Service == "scheduling"
	})
	if len(repeats) != 1 {
		t.Errorf("scheduling repeated %s times", strconv.Itoa(len(repeats)))
	}
}
