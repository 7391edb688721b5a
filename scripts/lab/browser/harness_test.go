//go:build browser

package browsertest_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/console"
	"example.com/troupe/scripts/internal/console/source"
	"example.com/troupe/scripts/internal/inject"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/stories"
	"example.com/troupe/scripts/internal/target"
	"example.com/troupe/scripts/internal/trace"
	"example.com/troupe/scripts/lab/fixture"
)

// Shared by all tests; TestMain starts it.
var (
	checkout string // root of this repository
	all      []*stories.Story
	troupe   *stack.Stack
	from     *source.Local
	stage    *stories.Stage
	at       *target.Target
	page     *console.Console
	chrome   context.Context
)

// patience limits every wait for the page.
const patience = 20 * time.Second

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(run(m))
}

func run(m *testing.M) (code int) {
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

// start starts a troupe, its console and a browser.
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
	root, settings, err := system(&ends)
	if err != nil {
		return end, err
	}
	var ready sync.Mutex // blocks steps until the console exists
	ready.Lock()
	steps := &trace.Collector{OnStep: func(s events.Step) {
		ready.Lock()
		defer ready.Unlock()
		from.Step(s)
	}}
	line := func(_ string, line []byte) {
		ready.Lock()
		defer ready.Unlock()
		from.Line(line)
	}
	if troupe, err = stack.Start(ctx, stack.Options{Root: root, Environment: settings, Steps: steps, Line: line, Log: os.Stderr}); err != nil {
		return end, err
	}
	ends = append(ends, troupe.Close)
	from = source.NewLocal(troupe.Tap(), troupe.Topology())
	ready.Unlock()
	if at, err = target.Local(ctx, troupe.Declared(), troupe.Endpoint); err != nil {
		return end, err
	}
	if stage, err = stories.On(ctx, troupe); err != nil {
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

// system returns the root and the stories' settings of the system to run: the observatory, or the checkout for
// README's pictures.
func system(ends *[]func() error) (root string, settings map[string]map[string]string, err error) {
	if checkout, err = stack.Root("."); err != nil {
		return "", nil, err
	}
	if root = checkout; !*readme {
		folder, err := os.MkdirTemp("", "troupe-browser-")
		if err != nil {
			return "", nil, err
		}
		*ends = append(*ends, func() error { return os.RemoveAll(folder) })
		root = fixture.Tree(everyTest{folder: folder}, "observatory")
	}
	if all, err = stories.Load(root); err != nil {
		return "", nil, err
	}
	if *readme { // the checkout's other stories may have settings that no user runs with
		all = slices.DeleteFunc(all, func(s *stories.Story) bool { return !s.Demo() })
	}
	settings, err = stories.Settings(all)
	return root, settings, err
}

// everyTest is a testing.TB for a fixture that all tests share.
type everyTest struct {
	testing.TB
	folder string
}

func (everyTest) Helper()                           {}
func (e everyTest) TempDir() string                 { return e.folder }
func (everyTest) Fatal(args ...any)                 { panic(fmt.Sprint(args...)) }
func (everyTest) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

// browser returns the path of Chromium.
func browser() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if program, err := exec.LookPath(name); err == nil {
			return program, nil
		}
	}
	return "", errors.New("these tests need Chromium: apt-get install -y chromium")
}

// pictures returns the folder for screenshots, which git ignores.
func pictures(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(checkout, ".troupe", "console")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	return folder
}
