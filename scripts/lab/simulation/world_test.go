package simulation

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/cryptotest"
	"testing/synctest"
	"time"

	"example.com/localcloud"
	"example.com/localcloud/delivery"
)

// patience is how long all may take to come to rest, in virtual time.
const patience = 30 * time.Minute

// world is one run: six services, a cloud, customers, and what befalls them.
type world struct {
	params
	plan   plan
	rng    *rand.Rand // the scheduler's
	faults int        // that the seed has asked for
	calm   time.Time  // when they end

	turns   atomic.Int64 // see order
	mu      sync.Mutex
	waiting []*item // sorted by key
	able    []*item
	woken   chan struct{}

	cloud    *cloud.Cloud
	targets  delivery.Target // the cloud's own router
	wired    map[string]wiredService
	services []*service
	running  sync.WaitGroup // instances and customers

	customers []*customer
	shopping  sync.WaitGroup
	shopped   bool

	ledger  *ledger
	shop    *database
	facts   *facts
	trace   *trace
	found   []violation
	replays int
}

// violation is an invariant that does not hold.
type violation struct {
	invariant string
	order     string // that it is about; "" for none
	detail    string
}

func (v violation) String() string {
	return strings.TrimSpace(v.invariant + ": " + v.order + " " + v.detail)
}

func (w *world) violate(invariant, order, format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.found = append(w.found, violation{invariant, order, fmt.Sprintf(format, args...)})
}

// result is what a run came to.
type result struct {
	params
	found  []violation
	trace  *trace
	faults int           // that the seed asked for
	spent  time.Duration // virtual
}

// simulate runs a seed.
func simulate(t *testing.T, p params, verbose bool) (r result) {
	cryptotest.SetGlobalRandom(t, p.seed)
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		w := newWorld(p)
		w.trace.verbose = verbose
		w.open(t)
		ctx, leave := context.WithCancel(t.Context())
		w.run(ctx)
		leave()
		w.close(t)
		r = result{p, w.found, w.trace, w.faults, time.Since(began)}
	})
	return r
}

func newWorld(p params) *world {
	w := &world{params: p, woken: make(chan struct{}, 1), trace: newTrace()}
	w.rng = rand.New(rand.NewPCG(p.seed, 1))
	w.plan = newPlan(rand.New(rand.NewPCG(p.seed, 2)))
	w.facts, w.ledger = newFacts(w), &ledger{world: w, payments: map[string]*charged{}}
	return w
}

// run lets the customers shop, faults end and everything settle; and then once more after a
// replay.
func (w *world) run(ctx context.Context) {
	w.calm = time.Now().Add(w.plan.calm)
	w.goShopping(ctx)
	w.loop(time.Now().Add(patience))
	if len(w.found) == 0 {
		w.checkRest(ctx)
	}
	if len(w.found) == 0 && w.plan.replay > 0 {
		w.replay(ctx)
		w.loop(time.Now().Add(patience))
		w.checkRest(ctx)
	}
}

// order lets what others did be seen. Goroutines take turns here and share without locks, which
// the race detector learns from synctest only where one blocks, not where it ends.
func (w *world) order() { w.turns.Add(1) }

// settled tells whether nothing is left to do: customers have gone, nothing is on its way, and
// queues are empty.
func (w *world) settled() bool {
	if !w.shopped {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, it := range w.waiting {
		if it.poll == "" {
			return false
		}
	}
	for _, s := range w.services {
		if s.queue != "" && w.cloud.SQS.Depth(s.queue) != (depth{}) {
			return false
		}
	}
	return true
}

func (w *world) unsettled() string {
	var left []string
	if !w.shopped {
		left = append(left, "customers still shop")
	}
	for _, it := range w.waiting {
		if it.poll == "" {
			left = append(left, it.key)
		}
	}
	for _, s := range w.services {
		if d := w.cloud.SQS.Depth(s.queue); s.queue != "" && d != (depth{}) {
			left = append(left, fmt.Sprintf("%s holds %+v", s.queue, d))
		}
	}
	return "after " + patience.String() + " " + strings.Join(left, ", ")
}

// close ends the instances, and the cloud.
func (w *world) close(t *testing.T) {
	for _, s := range w.services {
		for _, in := range s.instances {
			in.dead = true
			in.cancel()
		}
	}
	w.dismiss()
	w.running.Wait()
	w.shop.close()
	if err := w.cloud.Close(); err != nil {
		t.Error(err)
	}
}

// dismiss answers whoever waits that it is over.
func (w *world) dismiss() {
	for {
		synctest.Wait()
		w.mu.Lock()
		waiting := w.waiting
		w.waiting = nil
		w.mu.Unlock()
		if len(waiting) == 0 {
			return
		}
		for _, it := range waiting {
			if it.turn != nil {
				it.turn <- dead
			}
		}
	}
}
