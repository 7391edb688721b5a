//go:build browser

package browsertest_test

import (
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"example.com/troupe/scripts/internal/console/record"
)

var readme = flag.Bool("readme", false, "show the checkout, and write the pictures that its README shows: make pictures")

// TestPictures takes README's pictures: the map, and an execution of the demo.
func TestPictures(t *testing.T) {
	folder := pictures(t)
	if *readme {
		folder = filepath.Join(checkout, "scripts", "internal", "console", "pictures")
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	demo(t) // warm up, so that the next demo has no cold starts
	execution := telling(demo(t))
	b := open(t, "/")
	for _, scheme := range []string{light, dark} {
		b.look(wide, scheme)
		b.visit("/")
		b.until(`[...document.querySelectorAll("[data-gauge]")].some((gauge) => gauge.textContent)`) // on a narrow card an idle queue shows nothing
		b.crop(filepath.Join(folder, "map-"+scheme+".png"), ".legend")
		if execution == nil {
			continue // no demo
		}
		b.visit(of(execution.ID))
		b.until(`document.querySelector("a.box")`)
		b.crop(filepath.Join(folder, "execution-"+scheme+".png"), ".times")
	}
}

// demo plays the demo's stories and returns their executions.
func demo(t *testing.T) (executions []record.Execution) {
	t.Helper()
	for _, story := range all {
		if !story.Demo() {
			continue
		}
		result, err := stage.Play(t.Context(), story)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range result.Executions {
			response, err := http.Get(page.URL + "/api" + of(id))
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			var e record.Execution
			if err := json.NewDecoder(response.Body).Decode(&e); err != nil {
				t.Fatal(err)
			}
			executions = append(executions, e)
		}
	}
	return executions
}

// telling returns the first execution with a skip, a retry or a failure, or otherwise the longest one.
func telling(executions []record.Execution) (longest *record.Execution) {
	for _, e := range executions {
		if e.Skipped > 0 || e.Retries > 0 || e.State == record.Failed {
			return &e
		}
		if longest == nil || e.Steps > longest.Steps {
			longest = &e
		}
	}
	return longest
}

// crop saves the page from its top to the end of an element, at twice the resolution.
func (b *tab) crop(file, last string) {
	b.t.Helper()
	const below = 16 // pixels
	end := eval[float64](b, `document.querySelector(`+quote(last)+`).getBoundingClientRect().bottom + scrollY`)
	b.do(chromedp.EmulateViewport(wide, int64(end)+below, chromedp.EmulateScale(1.25)))
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(file, png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}
