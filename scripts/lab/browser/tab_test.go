//go:build browser

package browsertest_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// The sizes and colour schemes to test.
const (
	wide, narrow = 1280, 390
	height       = 900
	light, dark  = "light", "dark"
)

// tab is a browser tab.
type tab struct {
	t   *testing.T
	ctx context.Context
	url string // of the console
}

// open opens a page of the console in a new tab. Any error on the page fails the test.
func open(t *testing.T, path string) *tab {
	t.Helper()
	return openAt(t, page.URL, path)
}

func openAt(t *testing.T, url, path string) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(chrome)
	ctx, expire := context.WithTimeout(ctx, 6*patience) // an audit visits all pages in four variants
	t.Cleanup(func() { expire(); cancel() })
	b := &tab{t, ctx, url}
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Listen(ctx, b.check); err != nil {
		t.Fatal(err)
	}
	b.look(wide, light)
	b.visit(path)
	return b
}

// check fails the test for script errors and for what the browser refuses, such as a policy violation or a missing
// file.
func (b *tab) check(event any) {
	switch event := event.(type) {
	case *runtime.EventExceptionThrown:
		b.t.Errorf("a script failed: %s %s", event.ExceptionDetails.Text, printed(event.ExceptionDetails.Exception))
	case *log.EventEntryAdded:
		expected := strings.Contains(event.Entry.URL, "/api/") // the page shows the server's refusals itself
		if event.Entry.Level == log.EntryLevelError && !expected {
			b.t.Errorf("the browser complains: %s %s", event.Entry.Text, event.Entry.URL)
		}
	}
}

func printed(o *runtime.RemoteObject) string {
	if o == nil {
		return ""
	}
	return o.Description
}

// look sets the width and the colour scheme.
func (b *tab) look(width int64, scheme string) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(width, height))
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
		b.t.Fatal(err)
	}
}

// visit opens a page and waits until it has loaded.
func (b *tab) visit(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.url + path))
	b.until(`document.querySelector("main .view h1") !== null`)
}

func (b *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// until waits until an expression is true.
func (b *tab) until(expression string) {
	b.t.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Poll[bool]("Boolean("+expression+")", chromedp.WithPollingTimeout(patience))); err != nil {
		b.picture("failed")
		b.t.Fatalf("waited for %s: %v\nThe page says:\n%s", expression, err, eval[string](b, "document.body.innerText"))
	}
}

// sees waits until an element that matches a selector contains a text.
func (b *tab) sees(selector, text string) {
	b.t.Helper()
	b.until(`[...document.querySelectorAll(` + quote(selector) + `)].some((e) => e.textContent.includes(` + quote(text) + `))`)
}

// box waits for a diagram's box with a state and a text, and clicks it if requested.
func (b *tab) box(state, text string) {
	b.t.Helper()
	b.until(find(state, text))
}

func (b *tab) choose(state, text string) {
	b.t.Helper()
	b.box(state, text)
	eval[bool](b, "("+find(state, text)+".dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true})), true)")
}

func find(state, text string) string {
	return `[...document.querySelectorAll("a.box.` + state + `")].find((e) => e.textContent.includes(` + quote(text) + `))`
}

// click clicks an element with the mouse.
func (b *tab) click(selector string) {
	b.t.Helper()
	b.until(`document.querySelector(` + quote(selector) + `)`)
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

// press presses keys.
func (b *tab) press(keys string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(keys))
}

// eval returns the value of an expression.
func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// picture saves a screenshot for people to look at.
func (b *tab) picture(name string) {
	b.t.Helper()
	png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(pictures(b.t), name+".png"), png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

func quote(text string) string {
	quoted, _ := json.Marshal(text) // encoding a string can't fail
	return string(quoted)
}
