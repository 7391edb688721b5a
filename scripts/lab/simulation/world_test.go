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
	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/wiring"
	"example.com/troupe/scripts/lab/always"
	"example.com/troupe/services/kit/invariant"
)

// patience limits the virtual time until everything is handled: reminders may be due late.
const patience = 26 * time.Hour

// world is one run: services, a cloud, customers, and faults.
type world struct {
	params
	plan   plan
	rng    *rand.Rand // the scheduler's
	faults int        // number of faults that the seed has asked for
	calm   time.Time  // when they end
	dark   darkness

	turns   atomic.Int64 // see order
	mu      sync.Mutex
	waiting []*item // sorted by key
	able    []*item
	woken   chan struct{}

	cloud   *cloud.Cloud
	targets delivery.Target // the cloud's own router
	*declared
	wired    map[string]wiring.Service
	services []*service
	running  sync.WaitGroup // instances and customers

	visiting sync.WaitGroup // customers
	visited  bool

	log         *always.Log
	reminders   map[string]bool // that are scheduled, by their names
	scheduled   int             // reminders
	cancelled   int             // reminders
	rung        int             // deliveries of events of schedules
	first, last time.Time       // when the first and the last event were published
	trace       *trace
	found       invariant.Violations
	replays     int
	moved       time.Time // when something last had its turn
}

func (w *world) violate(invariant, subject, format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.found.Add(invariant, subject, format, args...)
}

// result is the result of a run.
type result struct {
	params
	found    invariant.Violations
	trace    *trace
	faults   int           // that the seed asked for
	caused   int           // events that services published
	spent    time.Duration // virtual
	blackout string        // what was in the dark, after a comma
	clock    string        // what EventBridge Scheduler did, after a comma
}

// simulate runs a seed.
func simulate(t *testing.T, p params, verbose bool) (r result) {
	cryptotest.SetGlobalRandom(t, p.seed)
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		w := newWorld(t, p)
		w.trace.verbose = verbose
		w.open(t)
		ctx, leave := context.WithCancel(t.Context())
		w.run(ctx)
		leave()
		w.close(t)
		r = result{p, w.found, w.trace, w.faults, w.log.Caused(), time.Since(began), w.dark.String(), w.clock()}
	})
	return r
}

// clock describes what EventBridge Scheduler did.
func (w *world) clock() string {
	if w.scheduled+w.cancelled+w.rung == 0 {
		return ""
	}
	return fmt.Sprintf(", %d reminders scheduled, %d cancelled, %d deliveries on schedule", w.scheduled, w.cancelled, w.rung)
}

func newWorld(t *testing.T, p params) *world {
	w := &world{params: p, woken: make(chan struct{}, 1), trace: newTrace(), first: time.Now(), reminders: map[string]bool{}}
	w.rng = rand.New(rand.NewPCG(p.seed, 1))
	var err error
	if w.declared, err = declarations(); err != nil {
		t.Fatal(err)
	}
	w.plan = newPlan(rand.New(rand.NewPCG(p.seed, 2)), w.settings)
	var manifests []*manifest.Manifest
	for _, p := range programs {
		manifests = append(manifests, p.Manifest)
	}
	w.log = always.New(manifests, func(v invariant.Violation) { w.violate(v.Invariant, v.Subject, "%s", v.Detail) })
	if domain.Reset != nil {
		domain.Reset()
	}
	return w
}

// run runs until the customers have left, faults have ended and everything is handled, and then once more after a
// replay.
func (w *world) run(ctx context.Context) {
	w.calm = time.Now().Add(w.plan.calm)
	w.visit(ctx)
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

// order makes other goroutines' writes visible. Goroutines take turns here and share data without locks, which
// synctest tells the race detector only where one blocks, not where it ends.
func (w *world) order() { w.turns.Add(1) }

// settled reports whether nothing is left to do: customers have left, nothing is in flight, and queues are empty.
func (w *world) settled() bool {
	if !w.visited {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.reminders) > 0 {
		return false
	}
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
	if !w.visited {
		left = append(left, "customers are still there")
	}
	for name := range w.reminders {
		left = append(left, "reminder "+name+" is not due")
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

// close ends the instances and the cloud.
func (w *world) close(t *testing.T) {
	for _, s := range w.services {
		for _, in := range s.instances {
			in.dead = true
			in.cancel()
		}
	}
	w.dismiss()
	w.running.Wait()
	for _, s := range w.services {
		if s.database != nil {
			if err := s.database.close(); err != nil {
				t.Error(err)
			}
		}
	}
	if err := w.cloud.Close(); err != nil {
		t.Error(err)
	}
}

// dismiss ends all waiting calls.
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
