//go:build browser

package browsertest_test

import (
	"net/url"
	"strconv"
	"testing"
	"time"

	"example.com/troupe/events"
)

// TestReplay counts what lies in the archive, replays it to one service, and sees that it ignores what it knows.
func TestReplay(t *testing.T) {
	began := time.Now().UTC().Format(time.RFC3339)
	execution, order := place(t, "tok_ok", "poster")
	b := open(t, of(execution)+"?new")
	b.box("ran", "payments Desk.Authorize")

	b.visit("/replay")
	b.click("a[href='/replay'][aria-current=page]")
	eval[bool](b, `(document.getElementById("from").value = "yesterday", true)`)
	b.click("form button[type=submit]")
	b.sees(".box-note.bad", "how long ago")
	eval[bool](b, `(document.getElementById("from").value = `+quote(began)+`, document.getElementById("service").value = "payments", true)`)
	b.click("form button[type=submit]")
	b.sees("tbody th", "order.placed.v1")
	if address := eval[string](b, "location.search"); address != "?from="+url.QueryEscape(began)+"&to=now&service=payments" {
		t.Errorf("the address is %s", address)
	}
	b.picture("replay-counted")
	b.click("button.primary")
	b.sees("[role=status]", "Replay completed")
	b.sees("[role=status] li", "payments: ")
	b.sees("[role=status] li", "repeated")
	b.picture("replay-done")

	repeats := troupe.Steps.Where(func(s events.Step) bool {
		return s.Subject == order && s.Outcome == events.Repeated && s.Service == "payments"
	})
	if len(repeats) != 1 {
		t.Errorf("payments repeated %s times", strconv.Itoa(len(repeats)))
	}
}
