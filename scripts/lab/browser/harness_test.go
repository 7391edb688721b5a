//go:build browser

package browsertest_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/console"
	"example.com/troupe/scripts/internal/console/source"
	"example.com/troupe/scripts/internal/inject"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/target"
	"example.com/troupe/scripts/internal/trace"
)

// What all tests look at; TestMain starts it.
var (
	troupe *stack.Stack
	at     *target.Target
	page   *console.Console
	chrome context.Context
)

// patience bounds every wait for the page.
const patience = 20 * time.Second

func TestMain(m *testing.M) { os.Exit(play(m)) }

func play(m *testing.M) (code int) {
	end, err := start(context.Background())
	defer func() {
		if err := end(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// start starts the troupe, its console and a browser.
func start(ctx context.Context) (end func() error, err error) {
	var ends []func() error
	end = func() error {
		var all error
		for i := len(ends) - 1; i >= 0; i-- {
			all = errors.Join(all, ends[i]())
		}
		return all
	}
	program, err := browser()
	if err != nil {
		return end, err
	}
	root, err := stack.Root(".")
	if err != nil {
		return end, err
	}
	var from *source.Local
	var ready sync.Mutex // steps that come before the console is there wait
	ready.Lock()
	steps := &trace.Collector{OnStep: func(s events.Step) {
		ready.Lock()
		defer ready.Unlock()
		from.Step(s)
	}}
	if troupe, err = stack.Start(ctx, stack.Options{Root: root, Steps: steps, Log: os.Stderr}); err != nil {
		return end, err
	}
	ends = append(ends, troupe.Close)
	from = source.NewLocal(troupe.Tap(), troupe.Topology())
	ready.Unlock()
	if at, err = target.Local(ctx, troupe.Declared(), troupe.Endpoint); err != nil {
		return end, err
	}
	if page, err = console.Start(console.Options{
		Addr: "127.0.0.1:0", Env: stack.Env, Declared: troupe.Declared(), Target: at, API: troupe.API,
		Source: from, Write: true, Payloads: true, Queues: 200 * time.Millisecond,
		Faults: inject.New(at.Config),
	}); err != nil {
		return end, err
	}
	ends = append(ends, page.Close)
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true))
	allocator, stop := chromedp.NewExecAllocator(ctx, options...)
	ends = append(ends, func() error { stop(); return nil })
	var leave context.CancelFunc
	chrome, leave = chromedp.NewContext(allocator)
	ends = append(ends, func() error { leave(); return nil })
	return end, chromedp.Do(chrome)
}

// browser finds Chromium.
func browser() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if program, err := exec.LookPath(name); err == nil {
			return program, nil
		}
	}
	return "", errors.New("these tests need Chromium: apt-get install -y chromium")
}

// pictures is where screenshots go: a folder that git ignores.
func pictures(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(troupe.Declared().Root, ".troupe", "console")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	return folder
}
