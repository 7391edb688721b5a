package simulation

import (
	"fmt"
	"io"
	"slices"
	"testing"
	"time"
)

// shrinking limits the real time for making a failing run shorter.
const shrinking = time.Minute

// shrink searches for the shortest run that violates the same invariant: with fewer customers, of this seed or a
// neighbour, and then with fewer of its faults.
func shrink(t *testing.T, r result) result {
	until := time.Now().Add(shrinking)
	fails := func(p params) (result, bool) {
		if time.Now().After(until) {
			return result{}, false
		}
		tried := simulate(t, p, false)
		return tried, len(tried.found) > 0 && tried.found[0].Invariant == r.found[0].Invariant
	}
	r = fewerCustomers(r, fails)
	r = fewerFaults(r, fails)
	return simulate(t, r.params, true)
}

func fewerCustomers(r result, fails func(params) (result, bool)) result {
	if r.only != nil {
		return r
	}
	for _, customers := range []int{1, 2, 3, 5, 8, 13, 21} {
		for neighbour := range uint64(5) {
			if customers >= r.customers {
				return r
			}
			if tried, failed := fails(params{seed: r.seed + neighbour, customers: customers}); failed {
				return tried
			}
		}
	}
	return r
}

// fewerFaults leaves out as many faults as possible: halves, quarters, and finally single ones.
func fewerFaults(r result, fails func(params) (result, bool)) result {
	if r.only == nil {
		r.only = only{}
		for n := range r.faults {
			r.only = append(r.only, n+1)
		}
	}
	for size := max(len(r.only), 1); size > 0; size /= 2 {
		for at := 0; at < len(r.only); {
			p := r.params
			p.only = slices.Delete(slices.Clone(r.only), at, min(at+size, len(r.only)))
			if _, failed := fails(p); failed {
				r.params = p
			} else {
				at += size
			}
		}
	}
	return r
}

// print prints the violations, the trace, and how to run it again.
func (r result) print(w io.Writer) {
	fmt.Fprintf(w, "\nseed %d breaks what must always hold:\n", r.seed)
	for _, v := range r.found {
		fmt.Fprintf(w, "  %s\n", v)
	}
	fmt.Fprintf(w, "\nhow it came to that (%d customers, %d faults; ✗ is a fault):\n", r.customers, len(r.only))
	r.trace.print(w, r.found[0].Subject)
	fmt.Fprintf(w, "\nsee it again:\n  make sim SEED=%d CUSTOMERS=%d FAULTS=%s\n", r.seed, r.customers, r.only)
}
