package simulation

import (
	"maps"
	"math/rand/v2"
	"slices"
	"time"
)

// params determine a run completely.
type params struct {
	seed      uint64
	customers int
	only      only // of the faults that the seed asks for
}

// plan is the character of a run. Not every seed has every kind of fault, because one may hide what another reveals.
type plan struct {
	kinds     map[fault]bool
	rate      float64                      // share of calls and deliveries with a fault
	latency   time.Duration                // maximum latency of a call
	calm      time.Duration                // when faults end
	settings  map[string]map[string]string // of services, required by stories
	visits    time.Duration                // period in which customers arrive
	twins     map[string]bool
	functions bool          // run functions as such, rather than as workers
	replay    float64       // share of the archive that is replayed
	window    time.Duration // how long a receive waits for more messages, unless the batch is full
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

// hurried shortens some of the durations that stories set, so that timeouts coincide with what they wait for.
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
