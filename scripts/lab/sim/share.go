package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"example.com/troupe/scripts/lab/overlay"
)

// tests is the package of the simulation.
const tests = "./simulation"

// tally counts seeds and shows the progress.
type tally struct {
	options
	began time.Time

	mu    sync.Mutex
	done  int
	shown time.Time
}

func newTally(o options) *tally { return &tally{options: o, began: time.Now(), shown: time.Now()} }

// share runs the seeds in a number of processes. The first failure stops the others.
func (t *tally) share(ctx context.Context, program string, processes int) error {
	group, ctx := errgroup.WithContext(ctx)
	for i := range processes {
		group.Go(func() error { return t.process(ctx, program, i, processes) })
	}
	err := group.Wait()
	if err == nil {
		fmt.Printf("%d seeds of %d customers in %s: nothing is lost\n", t.done, t.customers, time.Since(t.began).Round(time.Second))
	}
	return err
}

// process runs every of-th seed.
func (t *tally) process(ctx context.Context, program string, i, of int) error {
	seeds := (t.seeds - i + of - 1) / of
	cmd := exec.CommandContext(ctx, program, "-test.run=^TestNothingIsLost$", "-test.timeout=0", "-sim.report",
		"-sim.seed="+strconv.FormatUint(t.seed+uint64(i), 10), "-sim.stride="+strconv.Itoa(of), "-sim.seeds="+strconv.Itoa(seeds),
		"-sim.customers="+strconv.Itoa(t.customers), "-sim.faults="+t.faults, "-sim.for="+t.limit.String())
	cmd.Dir = filepath.Join(filepath.Dir(filepath.Dir(program)), overlay.Lab, tests)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1", "GOGC=400", "GODEBUG=adaptivestackstart=1")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("run the simulation: %w", err)
	}
	t.read(out)
	if err := cmd.Wait(); err != nil && ctx.Err() == nil {
		return fmt.Errorf("the simulation failed: %w", err)
	}
	return ctx.Err()
}

// read counts the lines of completed seeds, and passes on everything else.
func (t *tally) read(out io.Reader) {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		t.line(lines.Text())
	}
}

// progress is how often the count is printed.
const progress = 5 * time.Second

func (t *tally) line(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case strings.HasPrefix(line, "seed ") && strings.Contains(line, ": trace "):
		t.done++
		if t.seeds <= 2 {
			fmt.Println(line)
		} else if time.Since(t.shown) > progress {
			t.shown = time.Now()
			fmt.Printf("%d seeds in %s\n", t.done, time.Since(t.began).Round(time.Second))
		}
	case line == "PASS", line == "FAIL", strings.HasPrefix(strings.TrimSpace(line), "--- FAIL"):
	default:
		fmt.Println(line)
	}
}
