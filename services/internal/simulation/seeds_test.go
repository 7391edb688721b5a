package simulation

import (
	"flag"
	"log/slog"
	"os"
	"strconv"
	"testing"
)

var (
	seedFlag   = flag.Uint64("sim.seed", 1, "the first seed")
	seedsFlag  = flag.Int("sim.seeds", 4, "how many seeds to run")
	ordersFlag = flag.Int("sim.orders", 50, "orders a seed")
	faultsFlag = flag.Int("sim.faults", -1, "faults a seed at most; negative: as many as it asks for")
	strideFlag = flag.Uint64("sim.stride", 1, "from one seed to the next")
)

func TestMain(m *testing.M) {
	flag.Parse()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

func TestNothingIsLost(t *testing.T) {
	for i := range *seedsFlag {
		p := params{seed: *seedFlag + uint64(i)**strideFlag, orders: *ordersFlag, faults: *faultsFlag}
		t.Run(strconv.FormatUint(p.seed, 10), func(t *testing.T) {
			r := simulate(t, p, testing.Verbose())
			t.Logf("seed %d: trace %s, %d steps, %d faults, %s", p.seed, r.trace.sum(), r.trace.steps, r.trace.faults, r.spent)
			for _, v := range r.found {
				t.Error(v)
			}
			if t.Failed() && testing.Verbose() {
				r.trace.tell(os.Stdout, r.found[0].order)
			}
		})
	}
}
