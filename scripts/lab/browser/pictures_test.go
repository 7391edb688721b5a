//go:build browser

package browsertest_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

var readme = flag.Bool("readme", false, "write the pictures that README shows, too: make pictures")

// TestPictures takes README's pictures, so that they show the page as it is: the map, and an order whose payment was
// declined.
func TestPictures(t *testing.T) {
	folder := pictures(t)
	if *readme {
		folder = filepath.Join("..", "pictures")
	}
	warm, _ := place(t, "tok_declined", "poster")
	b := open(t, of(warm)+"?new")
	b.sees("h1 .badge", "done")
	execution, _ := place(t, "tok_declined", "poster")
	b.visit(of(execution) + "?new")
	b.sees("h1 .badge", "done")
	for _, scheme := range []string{light, dark} {
		b.look(wide, scheme)
		b.visit(of(execution))
		b.box("skipped", "payments")
		b.crop(filepath.Join(folder, "order-"+scheme+".png"), ".times")
		b.visit("/")
		b.until(`document.querySelector('[data-gauge="orders"]')?.textContent`)
		b.crop(filepath.Join(folder, "map-"+scheme+".png"), ".legend")
	}
}

// crop writes the page from its top to the end of an element, sharper than it is on a screen.
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
