package simulation

import (
	"maps"
	"math/rand/v2"
	"slices"
	"time"
)

// params are all that decides a run.
type params struct {
	seed      uint64
	customers int
	only      only // of the faults that the seed asks for
}

// plan is the character of a run. Not every seed meets every kind of fault: what hides behind
// one of them is seen where it is missing.
type plan struct {
	kinds     map[fault]bool
	rate      float64                      // of calls and deliveries that meet a fault
	latency   time.Duration                // of a call, at most
	calm      time.Duration                // when faults end
	settings  map[string]map[string]string // of services, that stories ask for
	visits    time.Duration                // the time over which customers come
	twins     map[string]bool
	functions bool          // what is deployed as a function runs as one, instead of as a worker
	replay    float64       // the share of the archive that comes again
	window    time.Duration // that a receive lets messages gather, unless a batch is full
}

func newPlan(r *rand.Rand, settings map[string]map[string]string) plan {
	p := plan{
		kinds:     map[fault]bool{},
		rate:      pick(r, 0.002, 0.01, 0.03, 0.08),
		latency:   pick[time.Duration](r, 2, 10, 40) * time.Millisecond,
		calm:      pick[time.Duration](r, 30, 90, 180) * time.Second,
		visits:    pick[time.Duration](r, 1, 10, 60) * time.Second,
		twins:     map[string]bool{},
		functions: r.IntN(2) == 0,
		replay:    pick(r, 0, 0, 0, 0.3, 1),
	}
	for _, kind := range kinds {
		p.kinds[kind] = r.IntN(3) > 0
	}
	for _, service := range programs {
		p.twins[service.Name] = r.IntN(2) == 0
	}
	p.settings = hurried(r, settings)
	p.window = pick[time.Duration](r, 0, 300, 1000, 2000) * time.Millisecond
	return p
}

// hurried makes some of the durations shorter that stories set: what waits for them then meets what it waits for.
func hurried(r *rand.Rand, settings map[string]map[string]string) map[string]map[string]string {
	hurried := map[string]map[string]string{}
	for _, service := range slices.Sorted(maps.Keys(settings)) {
		hurried[service] = maps.Clone(settings[service])
		for _, name := range slices.Sorted(maps.Keys(settings[service])) {
			if d, err := time.ParseDuration(settings[service][name]); err == nil {
				hurried[service][name] = (d / pick[time.Duration](r, 1, 2, 4)).String()
			}
		}
	}
	return hurried
}

// pick returns one of the values.
func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }
