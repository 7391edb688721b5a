// Command sim runs the troupe in virtual time, under faults that a seed chooses, and checks that
// nothing is lost: see package services/internal/simulation.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"example.com/troupe/scripts/internal/stack"
)

// The exit codes.
const (
	exitFailed  = 1 // an invariant does not hold, or the simulation could not run
	exitRefused = 2 // the command line is wrong
)

const examples = `sim runs all services in one process and in virtual time. A seed decides what goes wrong.

Examples:
  go run ./scripts/sim                          # 200 seeds of 50 orders
  go run ./scripts/sim -seed 17                 # one seed, once more
  go run ./scripts/sim -seed 1000 -seeds 500
  go run ./scripts/sim -for 3m                  # as many seeds as three minutes hold
  go run ./scripts/sim -seed 17 -faults 3,17    # two of its faults only

Flags:
`

type options struct {
	seed   uint64
	seeds  int
	orders int
	limit  time.Duration
	faults string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o, err := parse(os.Args[1:])
	switch {
	case errors.Is(err, flag.ErrHelp):
		return
	case err != nil:
		os.Exit(exitRefused)
	}
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitFailed)
	}
}

// parse reads the command line; flag says what is wrong with it.
func parse(arguments []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("sim", flag.ContinueOnError)
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), examples)
		flags.PrintDefaults()
	}
	flags.Uint64Var(&o.seed, "seed", 0, "the first `seed`; alone, the only one (default 1)")
	flags.IntVar(&o.seeds, "seeds", 0, "`how many` seeds (default 200, or as many as -for holds)")
	flags.IntVar(&o.orders, "orders", 50, "orders a seed")
	flags.DurationVar(&o.limit, "for", 0, "start no seed after this `time`")
	flags.StringVar(&o.faults, "faults", "all", "which of a seed's faults happen: all, none, or their `numbers`")
	if err := flags.Parse(arguments); err != nil {
		return o, err
	}
	if o.seeds < 0 || o.orders < 1 || flags.NArg() > 0 {
		fmt.Fprintln(flags.Output(), "sim: -seeds and -orders are counts, and there are no arguments: see -h")
		return o, errors.New("bad usage")
	}
	o.fill()
	return o, nil
}

const (
	defaultSeeds = 200
	manySeeds    = 1 << 30
)

func (o *options) fill() {
	switch {
	case o.seeds > 0:
	case o.limit > 0:
		o.seeds = manySeeds
	case o.seed > 0:
		o.seeds = 1
	default:
		o.seeds = defaultSeeds
	}
	o.seed = max(o.seed, 1)
}

// run builds the simulation and shares the seeds out among as many processes as there are
// processors: a run is one thread of events, whose randomness is its process's.
func run(ctx context.Context, o options) error {
	root, err := stack.Root(".")
	if err != nil {
		return err
	}
	program := filepath.Join(root, ".troupe", "simulation.test")
	fmt.Println("building the simulation")
	if err := build(ctx, root, program); err != nil {
		return err
	}
	return newTally(o).share(ctx, program, min(runtime.NumCPU(), o.seeds))
}
