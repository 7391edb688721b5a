//go:build browser

package browsertest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/console"
	"example.com/troupe/scripts/internal/console/source"
	"example.com/troupe/scripts/internal/stack"
)

// observe requests an observation under a sky, and returns its execution. Without a key, the request gets one.
func observe(t *testing.T, sky, key string) (execution string) {
	t.Helper()
	body := fmt.Sprintf(`{"email": "vera@example.com", "target": "Andromeda", "site": "ridge", "night": "2031-06-01", "sky": %q}`, sky)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, troupe.API+"/observations", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	return answer.Header.Get("X-Correlation-Id")
}

// TestOutcomes checks that the list shows how executions ended, and finds and filters them by it.
func TestOutcomes(t *testing.T) {
	full, completed := play(t, "demo/full"), play(t, "demo/completed")
	invalid := play(t, "invalid-request")
	row := func(execution string) string { return `tbody tr:has(th a[href="` + of(execution) + `"])` }
	b := open(t, "/executions")
	b.sees(row(full)+" .badge.failure", "slot refused, observation withdrawn")
	b.sees(row(completed)+" .badge.success", "observation completed")
	b.sees(row(invalid)+" .badge.refused", "refused")
	b.sees(row(invalid), "400")
	b.sees(row(invalid)+` [data-name="Ended with"]`, "desk refused it with status 400: ")
	b.picture("outcomes")
	shows := func(execution string) string { return `document.querySelector(` + quote(row(execution)) + `) !== null` }
	for query, shown := range map[string]string{
		"outcome=failure": full, "outcome=success": completed, "state=refused": invalid,
		"q=Andromeda+completed": completed, "from=-1h&sort=longest&outcome=success": completed,
	} {
		b.visit("/executions?" + query)
		b.until(shows(shown))
		for _, other := range []string{full, completed, invalid} {
			if other != shown && eval[bool](b, shows(other)) {
				t.Errorf("%s: also shows %s", query, other)
			}
		}
	}
	b.visit("/executions?q=400+refused")
	b.until(shows(invalid)) // and those with 400 in an ID
	b.visit("/executions")
	eval[bool](b, `(() => { const select = document.getElementById("outcome"); select.value = "failure"; select.dispatchEvent(new Event("change")); return true; })()`)
	b.until(`location.search === "?outcome=failure" && ` + shows(full) + ` && !` + shows(completed))
	b.visit("/executions?sort=colour")
	b.sees(".box-note", `no sort "colour"`)
	b.visit("/executions?from=2021-01-01T00:00:00Z&to=2021-01-02T00:00:00Z")
	b.until(`document.getElementById("from").value === "between" && document.getElementById("at-from").value.startsWith("202")`)
	b.sees(".empty", "No matches")
}

// TestPersonalData checks that a step's panel hides what schemas mark as personal, in the event, the documents and what was
// published, and that nobody finds it by a search.
func TestPersonalData(t *testing.T) {
	execution := observe(t, "dark", "")
	b := open(t, of(execution)+"?new")
	b.sees("h1 .badge.success", "observation completed")
	for _, step := range []string{"desk POST /observations", "scheduling", "herald"} {
		b.choose("ran", step)
		b.sees(".aside pre.json", `"[personal]"`)
		if text := eval[string](b, "document.body.textContent"); strings.Contains(text, "vera@") {
			t.Errorf("%s shows the address: %s", step, text)
		}
	}
	b.visit("/executions?q=vera@example.com")
	b.sees(".empty", "No matches")
}

// TestRepeats checks that a repeated request, and another one with its key, stand apart: the execution is still what the
// first one was.
func TestRepeats(t *testing.T) {
	key := events.NewID()
	execution := observe(t, "dark", key)
	b := open(t, of(execution)+"?new")
	b.sees("h1 .badge.success", "observation completed")
	for _, sky := range []string{"dark", "darker"} {
		if again := observe(t, sky, key); again != execution {
			t.Fatalf("a request with the key of %s belongs to %s", execution, again)
		}
	}
	b.sees(".head", " repeats")
	b.sees("a.box.ran", "+ 2 repeats, no effect")
	if said := eval[string](b, `document.querySelector(".head").textContent`); strings.Contains(said, "422") || strings.Contains(said, "retr") || strings.Contains(said, "refused") {
		t.Errorf("the heading says %s", said)
	}
	b.choose("ran", "desk POST /observations")
	b.sees(".aside h3", "Repeats")
	b.sees(".aside .attempts pre", "The idempotency key is taken")
	b.sees(".timeline li.again", "again")
	b.picture("repeats")
}

// TestLog checks that a step's panel shows what its handler logged, and where it panicked: here, and by CloudWatch Logs
// alone.
func TestLog(t *testing.T) {
	execution := observe(t, "bug_until_"+time.Now().Add(2*time.Second).UTC().Format(time.RFC3339), "")
	c, err := console.Start(console.Options{
		Addr: "127.0.0.1:0", Env: stack.Env, Declared: troupe.Declared(), Target: at, Queues: time.Second,
		Source: &source.CloudWatch{Client: cloudwatchlogs.NewFromConfig(at.Config), Groups: at.LogGroups, Since: time.Now().Add(-time.Minute), Every: 100 * time.Millisecond},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}()
	for name, url := range map[string]string{"here": page.URL, "by logs": c.URL} {
		t.Run(name, func(t *testing.T) {
			b := openAt(t, url, of(execution)+"?new")
			b.choose("ran", "scheduling Calendar.Assign: ran, attempts: ")
			b.sees(".attempts .log", "no forecast")
			b.sees(".attempts .log", "sky=bug_until_")
			b.sees(".attempts .log pre", "forecast.Simulated.Promises")
			b.sees(".attempts > li > pre", "panic at services/scheduling/internal/forecast/forecast.go:")
			lines := eval[[]int](b, `[...document.querySelectorAll(".attempts > li")].map((attempt) => attempt.querySelectorAll(".log > li").length)`)
			if n := len(lines); n < 2 || lines[0] < 2 || lines[n-1] != 0 {
				t.Errorf("the attempts have %v lines, want a warning and a panic at the first and none at the last", lines)
			}
			if hidden := eval[int](b, `Math.max(...[...document.querySelectorAll(".attempts pre")].map((pre) => pre.scrollHeight - pre.clientHeight))`); hidden > 1 {
				t.Errorf("%d px of an error or a stack are hidden", hidden)
			}
			b.picture("log")
		})
	}
}

// TestTimeline checks the axis, the attempts of a part in one row, what is folded, and what decided the end.
func TestTimeline(t *testing.T) {
	execution := observe(t, "down_until_"+time.Now().Add(5*time.Second).UTC().Format(time.RFC3339), "")
	b := open(t, of(execution)+"?new")
	b.sees("h1 .badge.success", "observation completed")
	row := `[...document.querySelectorAll(".timeline li")].filter((li) => li.textContent.includes("scheduling"))`
	b.until(row + `.length === 1 && ` + row + `[0].textContent.includes("×")`)
	b.until(`document.querySelectorAll(".axis .tick").length > 1`)
	b.until(`[...document.querySelectorAll(".axis .fold")].some((fold) => /\ss$/.test(fold.textContent))`)
	if said := eval[string](b, row+`[0].title`); !strings.Contains(said, "attempt 2, backed off ") || strings.Contains(said, "-") && strings.Contains(said, " -") {
		t.Errorf("the row says %s", said)
	}
	critical := eval[string](b, `[...document.querySelectorAll(".timeline li.critical b")].map((b) => b.textContent).join(" ")`)
	if critical != "desk scheduling desk dome desk" && critical != "desk scheduling desk dome" {
		t.Errorf("%s decided when it ended", critical)
	}
	b.picture("timeline")
	b.look(narrow, light)
	if over := eval[int](b, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
		t.Errorf("it sticks out by %d px", over)
	}
	b.picture("timeline-narrow")
}

// TestOnly shows only what was skipped, and keeps doing so while one goes from box to box.
func TestOnly(t *testing.T) {
	b := open(t, of(play(t, "demo/full"))+"?new")
	b.until(`document.querySelector("a.box.skipped")`)
	eval[bool](b, `(() => { const select = document.getElementById("show"); select.value = "skipped"; select.dispatchEvent(new Event("change")); return true; })()`)
	visible := `[...document.querySelectorAll("a.box")].filter((box) => getComputedStyle(box).visibility === "visible")`
	b.until(visible + `.length === 1 && location.search.includes("show=skipped")`)
	b.choose("skipped", "scheduling")
	b.until(`document.querySelector(".aside h2") && location.search.includes("show=skipped")`)
	b.until(visible + `.length === 1`)
	b.picture("only-skipped")
}

// TestKeyboardPanel goes from a box into its panel, through it, and on to the next box.
func TestKeyboardPanel(t *testing.T) {
	b := open(t, of(play(t, "demo/completed"))+"?new")
	b.until(`document.querySelectorAll("a.box").length > 3`)
	b.tabTo(`document.activeElement.matches("a.box")`)
	b.press("\r")
	b.until(`document.querySelector(".aside h2")`)
	b.press("\t")
	b.until(`document.activeElement.closest(".aside") !== null`)
	b.tabTo(`document.activeElement.matches("a.box")`)
	b.until(`document.activeElement === document.querySelectorAll("a.box")[1]`)
}

// TestRelated leads from an execution to another one about the same subject.
func TestRelated(t *testing.T) {
	execution := play(t, "withdrawn-first")
	b := open(t, of(execution)+"?new")
	b.sees(".relatives li", "observation.requested.v1")
	b.click(".relatives a")
	b.sees(".head", "began with observation.requested.v1")
	b.sees(".relatives li", "observation.withdrawn.v1")
	b.visit("/executions?q=" + subject(t, execution))
	b.sees("tbody .related", "+1 related")
}
