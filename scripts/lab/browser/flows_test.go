//go:build browser

package browsertest_test

import (
	"net/url"
	"slices"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/stories"
)

// play plays a story to its end and returns its first execution.
func play(t testing.TB, name string) (execution string) {
	t.Helper()
	return perform(t, story(t, name))
}

// begin plays a story up to its first request or event and returns the execution.
func begin(t testing.TB, name string) (execution string) {
	t.Helper()
	begun := *story(t, name)
	first := slices.IndexFunc(begun.Lines, func(l stories.Line) bool { return l.Verb == "request" || l.Verb == "publish" })
	begun.Lines = begun.Lines[:first+1]
	return perform(t, &begun)
}

func story(t testing.TB, name string) *stories.Story {
	t.Helper()
	at := slices.IndexFunc(all, func(s *stories.Story) bool { return s.Name == name })
	if at < 0 {
		t.Fatalf("there is no story %s", name)
	}
	return all[at]
}

func perform(t testing.TB, story *stories.Story) (execution string) {
	t.Helper()
	result, err := stage.Play(t.Context(), story)
	if err != nil {
		t.Fatal(err)
	}
	return result.Executions[0]
}

// subject returns the subject of an execution.
func subject(t testing.TB, execution string) string {
	t.Helper()
	step, err := troupe.Steps.Find(t.Context(), func(s events.Step) bool { return s.CorrelationID == execution && s.Subject != "" })
	if err != nil {
		t.Fatal(err)
	}
	return step.Subject
}

func of(execution string) string { return "/executions/" + url.PathEscape(execution) }

// TestFlows checks that an execution appears in an open list, and that its diagram shows what ran, what did not, and
// why.
func TestFlows(t *testing.T) {
	for _, test := range []struct {
		story        string
		ran          []string // service and handler
		skipped, why string
	}{
		{story: "completed", ran: []string{"desk POST /observations", "scheduling Calendar.Assign", "dome Dome.Expose", "herald Herald.Completed"}},
		{story: "full", ran: []string{"scheduling Calendar.Assign", "desk Desk.Refused", "herald Herald.Withdrawn"}, skipped: "scheduling", why: "data.reason was full, wanted anything-but"},
		{story: "cloudy", ran: []string{"desk Desk.Refused"}, skipped: "scheduling", why: "data.reason was cloudy, wanted anything-but"},
	} {
		t.Run(test.story, func(t *testing.T) {
			b := open(t, "/executions")
			execution := play(t, "demo/"+test.story)
			b.sees("tbody tr th", subject(t, execution))
			b.sees(`tbody tr:has(a[href="`+of(execution)+`"]) .badge`, "done")
			eval[bool](b, `(document.querySelector('a[href="`+of(execution)+`"]').click(), true)`) // in one step, because the list is redrawn constantly
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
			b.picture("flow-" + test.story)
		})
	}
}

// TestRetry checks that a failing step is amber while it is retried, and then green with all its attempts.
func TestRetry(t *testing.T) {
	b := open(t, of(begin(t, "retried"))+"?new")
	b.box("retrying", "scheduling")
	b.choose("ran", "scheduling Calendar.Assign: ran, attempts: ")
	b.sees(".attempts", "the forecast is unavailable")
}

// TestStep checks that a step shows its input, its output and its state changes.
func TestStep(t *testing.T) {
	execution := begin(t, "demo/completed")
	b := open(t, of(execution)+"?new")
	b.choose("ran", "scheduling Calendar.Assign")
	b.sees(".aside pre", subject(t, execution))
	b.sees(".aside ins", `"state": "assigned"`)
	b.sees(".aside h3", "Published")
	b.sees(".aside summary", "slot.assigned.v1")
	address := eval[string](b, "location.href")
	again := open(t, address[len(page.URL):])
	again.sees(".aside h2", "scheduling") // the URL alone leads there
	again.picture("step")
}

// TestSearch searches by subject, by event and by state, and checks the URL.
func TestSearch(t *testing.T) {
	full := play(t, "demo/full")
	begin(t, "demo/completed")
	b := open(t, "/executions?q="+subject(t, full))
	b.until(`document.querySelectorAll("tbody tr").length === 1`)
	b.until(`document.querySelector('a[href="` + of(full) + `"]')`)
	b.visit("/executions?state=done&q=slot.refused.v1")
	b.until(`document.querySelectorAll("tbody tr").length > 0`)
	b.visit("/executions?q=nothing-is-called-this")
	b.sees(".empty", "No matches")
}

// TestBoxIsClickedAnywhere checks that boxes of all kinds take clicks on their whole area.
func TestBoxIsClickedAnywhere(t *testing.T) {
	b := open(t, of(play(t, "demo/full"))+"?new")
	for _, state := range []string{"ran", "skipped", "scheduled"} {
		if state == "scheduled" { // desk reminds itself, unless it hears first that there is no slot
			b = open(t, of(begin(t, "retried"))+"?new")
		}
		b.until(`document.querySelector("a.box.` + state + `")`)
		missed := eval[int](b, `(() => { const box = document.querySelector("a.box.`+state+`"); box.scrollIntoView({block: "center"});
			const r = box.querySelector(".frame").getBoundingClientRect(); let missed = 0;
			for (let x = 0.05; x < 1; x += 0.1) for (let y = 0.1; y < 1; y += 0.2) if (!box.contains(document.elementFromPoint(r.x + x * r.width, r.y + y * r.height))) missed++;
			return missed; })()`)
		if missed > 0 {
			t.Errorf("a %s box doesn't take %d of 50 clicks", state, missed)
		}
	}
	b.box("ran", "scheduling Calendar.Assign") // nothing is retried when the next test begins
}
