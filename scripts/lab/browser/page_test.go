//go:build browser

package browsertest_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"example.com/troupe/scripts/internal/console"
	"example.com/troupe/scripts/internal/console/record"
	"example.com/troupe/scripts/internal/console/source"
	"example.com/troupe/scripts/internal/stack"
)

// axeVersion is the version of axe-core, which audits pages for accessibility.
const axeVersion = "4.14.1"

// axe returns the script of axe-core.
var axe = sync.OnceValues(func() (string, error) {
	folder, err := npm("axe-core", axeVersion)
	if err != nil {
		return "", err
	}
	script, err := os.ReadFile(filepath.Join(folder, "node_modules", "axe-core", "axe.min.js"))
	return string(script), err
})

// npm returns the folder in which a package is installed. npm downloads it once.
func npm(name, version string) (folder string, err error) {
	folder = filepath.Join(checkout, ".troupe", strings.NewReplacer("@", "", "/", "-").Replace(name)+"-"+version)
	if _, err := os.Stat(filepath.Join(folder, "node_modules", name, "package.json")); err == nil {
		return folder, nil
	}
	install := exec.Command("npm", "install", "--no-save", "--no-audit", "--no-fund", "--prefix", folder, name+"@"+version)
	if out, err := install.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm install %s: %w\n%s", name, err, out)
	}
	return folder, nil
}

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
	showCost(t)
	first := open(t, of(execution)+"?new")
	first.until(`document.querySelector("a.box.skipped")`)
	step := eval[string](first, `document.querySelector("a.box.ran").dataset.step`)
	first.visit("/dead-letters")
	first.sees(".letters h2", "scheduling")
	for name, path := range map[string]string{
		"map": "/", "service": "/?service=scheduling", "event": "/?event=observation.withdrawn.v1", "executions": "/executions",
		"execution": of(execution), "panel": of(execution) + "?step=" + step, "failing": of(failing),
		"publish": "/publish/observation.requested.v1", "request": "/request", "letters": "/dead-letters", "nothing": "/executions?q=nothing-is-called-this",
		"replay": "/replay?from=-1h&to=now", "documents": "/documents/desk", "search": "/?q=slot", "not-found": "/publish/nope.v1", "surge": "/surge", "cost": "/cost", "faults": "/faults",
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
	scripts, err := filepath.Glob(filepath.Join(checkout, "scripts/internal/console/assets/*.js"))
	if err != nil {
		t.Fatal(err)
	}
	for _, script := range scripts { // all of them are loaded ahead
		b.until(`performance.getEntriesByType("resource").some((r) => r.name.endsWith(` + quote("/"+filepath.Base(script)) + `))`)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	b.sees("#notice", "Can't reach the backend, reconnecting")
	b.sees("#status", "disconnected")

	b.click(`nav a[href="/surge"]`) // a page that was never opened before
	b.sees("h1", "Can't reach the backend")
	if c, err = console.Start(console.Options{
		Addr: strings.TrimPrefix(c.URL, "http://"), Env: stack.Env, Declared: troupe.Declared(), Target: at, Queues: time.Second, Source: silent{},
	}); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}()
	b.sees("h1", "Surge")
	b.until(`document.getElementById("notice").hidden`)
}

// silent is a source in which nothing happens.
type silent struct{}

func (silent) Read(ctx context.Context, _ record.Sink) error {
	<-ctx.Done()
	return nil
}

// TestNotFound checks that the page shows what there isn't, and shows nothing else instead.
func TestNotFound(t *testing.T) {
	b := open(t, "/executions")
	for path, text := range map[string]string{
		"/nonsense": "There is no page /nonsense.", "/publish/nope.v1": "There is no event nope.v1.", "/request?route=GET+/nope": "No service declares the route GET /nope.",
		"/?service=nope": "There is no service or event nope.", "/?event=nope.v1": "There is no service or event nope.v1.", "/replay?from=-1h&service=nope": "nope subscribes to nothing on the bus",
	} {
		eval[string](b, `document.querySelector(".brand").href = `+quote(path))
		b.click(".brand")
		b.sees("main", text)
	}
	response, err := http.Get(page.URL + "/nonsense")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if kind := response.Header.Get("Content-Type"); response.StatusCode != http.StatusNotFound || !strings.HasPrefix(kind, "text/html") {
		t.Errorf("the page is answered with %d, %s", response.StatusCode, kind)
	}
}

// TestExports checks that exported files have the name of the execution.
func TestExports(t *testing.T) {
	execution := begin(t, "demo/completed")
	open(t, of(execution)+"?new").box("ran", "scheduling")
	for _, path := range []string{"/api" + of(execution) + "/diagram.svg?download", "/api" + of(execution) + "?download"} {
		response, err := http.Get(page.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if name := response.Header.Get("Content-Disposition"); !strings.Contains(name, subject(t, execution)+"-"+execution) {
			t.Errorf("%s is saved as %s", path, name)
		}
	}
}

// TestBrand checks that the page has the product's name.
func TestBrand(t *testing.T) {
	b := open(t, "/executions")
	b.until(`document.title === "Executions · " + document.querySelector(".brand").textContent`)
	if name := eval[string](b, `document.querySelector(".brand").textContent`); !strings.EqualFold(name, strings.ReplaceAll(stack.Project, "-", " ")) {
		t.Errorf("the page's name is %s, the project's is %s", name, stack.Project)
	}
}
