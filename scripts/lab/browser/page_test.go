//go:build browser

package browsertest_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"example.com/troupe/scripts/internal/console"
	"example.com/troupe/scripts/internal/console/source"
	"example.com/troupe/scripts/internal/stack"
)

// axeVersion is the version of axe-core, which audits pages for accessibility.
const axeVersion = "4.14.1"

// axe returns the script of axe-core. npm downloads it once.
var axe = sync.OnceValues(func() (string, error) {
	folder := filepath.Join(checkout, ".troupe", "axe-"+axeVersion)
	file := filepath.Join(folder, "node_modules", "axe-core", "axe.min.js")
	if _, err := os.Stat(file); err != nil {
		if out, err := exec.Command("npm", "install", "--no-save", "--no-audit", "--no-fund", "--prefix", folder, "axe-core@"+axeVersion).CombinedOutput(); err != nil {
			return "", fmt.Errorf("npm install axe-core: %w\n%s", err, out)
		}
	}
	script, err := os.ReadFile(file)
	return string(script), err
})

// audit lists the page's serious violations.
const audit = `axe.run(document, {resultTypes: ["violations"]}).then((found) => found.violations
	.filter((v) => v.impact === "serious" || v.impact === "critical")
	.map((v) => v.id + ": " + v.help + "\n" + v.nodes.slice(0, 3).map((n) => "  " + n.html.slice(0, 160) + "\n  " + n.failureSummary).join("\n"))
	.join("\n"))`

// TestAccessibility audits every page in light and dark, wide and narrow, and checks that nothing overflows.
func TestAccessibility(t *testing.T) {
	script, err := axe()
	if err != nil {
		t.Fatal(err)
	}
	execution := play(t, "demo/full")
	failing := begin(t, "undecided")
	poison(t)
	showSurge(t)
	first := open(t, of(execution)+"?new")
	first.until(`document.querySelector("a.box.skipped")`)
	step := eval[string](first, `document.querySelector("a.box.ran").dataset.step`)
	first.visit("/dead-letters")
	first.sees(".letters h2", "scheduling")
	for name, path := range map[string]string{
		"map": "/", "service": "/?service=scheduling", "event": "/?event=observation.withdrawn.v1", "executions": "/executions",
		"execution": of(execution), "panel": of(execution) + "?step=" + step, "failing": of(failing),
		"publish": "/publish/observation.requested.v1", "request": "/request", "letters": "/dead-letters", "nothing": "/executions?q=nothing-is-called-this",
		"replay": "/replay?from=-1h&to=now", "surge": "/surge", "faults": "/faults",
	} {
		t.Run(name, func(t *testing.T) { // in its own tab each, one at a time: a browser opens few connections to a server
			b := open(t, path)
			for _, width := range []int64{wide, narrow} {
				for _, scheme := range []string{light, dark} {
					b.look(width, scheme)
					b.visit(path)
					b.accessible(script, name, width, scheme)
				}
			}
		})
	}
}

// accessible audits the current page.
func (b *tab) accessible(script, name string, width int64, scheme string) {
	b.t.Helper()
	b.until(`document.getElementById("status").className === "live"`)
	eval[any](b, script+"; null")
	if found := eval[string](b, audit); found != "" {
		b.t.Errorf("%s, %d wide, %s:\n%s", name, width, scheme, found)
	}
	if over := eval[int](b, "document.documentElement.scrollWidth - innerWidth"); over > 0 {
		b.t.Errorf("%s sticks out by %d px at %d", name, over, width)
	}
	b.picture(fmt.Sprintf("%s-%d-%s", name, width, scheme))
}

// TestElsewhere shows the same troupe only by its logs, as on AWS, and checks that the page reports when that console
// ends.
func TestElsewhere(t *testing.T) {
	execution := play(t, "demo/full")
	c, err := console.Start(console.Options{
		Addr: "127.0.0.1:0", Env: stack.Env, Declared: troupe.Declared(), Target: at, Queues: time.Second,
		Source: &source.CloudWatch{Client: cloudwatchlogs.NewFromConfig(at.Config), Groups: at.LogGroups, Since: time.Now().Add(-time.Minute), Every: 100 * time.Millisecond},
	})
	if err != nil {
		t.Fatal(err)
	}
	b := openAt(t, c.URL, of(execution)+"?new")
	b.box("skipped", "data.reason was full, wanted")
	b.visit("/publish")
	b.sees(".box-note", "is read-only")
	if !eval[bool](b, `document.querySelector("form.shape button[type=submit]").disabled`) {
		t.Error("a read-only console offers to publish")
	}
	b.visit("/faults")
	b.sees(".empty", "can only be injected into the local cloud")
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	b.sees("#notice", "isn't running")
	b.sees("#status", "disconnected")
}
