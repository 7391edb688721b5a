package simulation

import (
	"flag"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"go.opentelemetry.io/otel"

	"example.com/troupe/scripts/lab/overlay"
)

// Set by make sim. Without them, a few short runs suffice.
var (
	seedFlag      = flag.Uint64("sim.seed", 1, "the first seed")
	seedsFlag     = flag.Int("sim.seeds", 3, "how many seeds to run")
	strideFlag    = flag.Uint64("sim.stride", 1, "from one seed to the next")
	customersFlag = flag.Int("sim.customers", 10, "customers a seed")
	faultsFlag    = flag.String("sim.faults", "all", "which faults of a seed happen: all, none, or their numbers as 3,17")
	forFlag       = flag.Duration("sim.for", 0, "start no seed after this time; 0 is no limit")
	shrinkFlag    = flag.Bool("sim.shrink", true, "make the first run that fails shorter")
	reportFlag    = flag.Bool("sim.report", false, "write a line a seed, and the story of the first that fails, to standard output")
)

func TestMain(m *testing.M) {
	flag.Parse()
	if !linked {
		os.Exit(overlay.Again("./simulation"))
	}
	slog.SetDefault(slog.New(slog.DiscardHandler))
	otel.SetTracerProvider(tracing{})
	os.Exit(m.Run())
}

// TestNothingIsLost runs seeds up to the first that violates an invariant, and prints its trace.
func TestNothingIsLost(t *testing.T) {
	only, err := parseOnly(*faultsFlag)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	for i := range *seedsFlag {
		if *forFlag > 0 && time.Since(began) > *forFlag {
			return
		}
		p := params{seed: *seedFlag + uint64(i)**strideFlag, customers: *customersFlag, only: only}
		if !t.Run(strconv.FormatUint(p.seed, 10), func(t *testing.T) { try(t, p) }) {
			return
		}
	}
}

func try(t *testing.T, p params) {
	r := simulate(t, p, false)
	if *reportFlag {
		fmt.Printf("seed %d: trace %s, %d steps, %d faults, %d events, %s%s%s\n", r.seed, r.trace.sum(), r.trace.steps, r.faults, r.caused, r.spent.Round(time.Second), r.clock, r.blackout)
	}
	if len(r.found) > 0 {
		t.Fail()
		if *shrinkFlag {
			r = shrink(t, r)
		}
		r.print(os.Stdout)
	}
}

// TestTheSameSeedIsTheSameRun runs seeds twice, on one CPU and on all, and compares the traces.
func TestTheSameSeedIsTheSameRun(t *testing.T) {
	for i := range *seedsFlag {
		p := params{seed: *seedFlag + uint64(i), customers: *customersFlag}
		all := runtime.GOMAXPROCS(1)
		once := simulate(t, p, false).trace
		runtime.GOMAXPROCS(all)
		again := simulate(t, p, false).trace
		if once.sum() != again.sum() {
			t.Errorf("seed %d: trace %s of %d steps, and then %s of %d", p.seed, once.sum(), once.steps, again.sum(), again.steps)
		}
		other := params{seed: p.seed + 1000, customers: p.customers}
		if i == 0 && simulate(t, other, false).trace.sum() == once.sum() {
			t.Errorf("seeds %d and %d are the same run", p.seed, other.seed)
		}
	}
}
