// Command sim runs all services in virtual time, under faults that a seed chooses, and checks that nothing is lost:
// see package scripts/lab/simulation.
package main

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"time"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/lab/overlay"
)

const examples = `sim runs all services in one process and in virtual time. A seed decides what goes wrong.

Examples:
  go -C scripts/lab run ./sim                          # 200 seeds of 50 customers
  go -C scripts/lab run ./sim -seed 17                 # repeat one seed
  go -C scripts/lab run ./sim -seed 1000 -seeds 500
  go -C scripts/lab run ./sim -for 3m                  # as many seeds as fit into three minutes
  go -C scripts/lab run ./sim -seed 17 -faults 3,17    # with only two of its faults

Flags:
`

type options struct {
	seed      uint64
	seeds     int
	customers int
	limit     time.Duration
	faults    string
}

func main() { cli.Main(run) }

func run(ctx context.Context, arguments []string, t cli.Terminal) error {
	o, err := parse(arguments, t)
	if err != nil {
		return err
	}
	return simulate(ctx, o)
}

func parse(arguments []string, t cli.Terminal) (o options, err error) {
	flags := cli.NewFlags("sim", examples, t)
	flags.Uint64Var(&o.seed, "seed", 0, "the first `seed`; alone, the only one (default 1)")
	flags.IntVar(&o.seeds, "seeds", 0, "`number` of seeds (default 200, or as many as -for allows)")
	flags.IntVar(&o.customers, "customers", 50, "customers per seed")
	flags.DurationVar(&o.limit, "for", 0, "start no seed after this `time`")
	flags.StringVar(&o.faults, "faults", "all", "which of a seed's faults occur: all, none, or their `numbers`")
	if err := flags.Parse(arguments); err != nil {
		return o, err
	}
	if o.seeds < 0 || o.customers < 1 {
		return o, cli.Usage("-seeds is %d and -customers is %d: they must be at least 0 and 1", o.seeds, o.customers)
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

// simulate builds the simulation and splits the seeds among as many processes as there are CPUs: a run is
// single-threaded, and its randomness belongs to its process.
func simulate(ctx context.Context, o options) error {
	root, err := stack.Root(".")
	if err != nil {
		return err
	}
	program := filepath.Join(root, ".troupe", "simulation.test")
	fmt.Println("building the simulation")
	if err := overlay.Build(ctx, root, tests, program, nil); err != nil {
		return err
	}
	return newTally(o).share(ctx, program, min(runtime.NumCPU(), o.seeds))
}
