package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// The garbage that may accumulate between collections. While the heap is small, it is a multiple of it, since requests
// leave mostly garbage and collecting it is what costs time. A large heap needs no more of it for the same pace.
const (
	garbage      = 200      // percent of the live heap, at most
	leastGarbage = 25       // percent of it, at least: a collection must not come too often
	mostGarbage  = 64 << 20 // bytes
)

// percent returns the value of GOGC for a live heap of a number of bytes.
func percent(live uint64) int {
	return int(max(leastGarbage, min(garbage, mostGarbage*100/max(live, 1))))
}

// pace sets GOGC after every collection, unless the environment sets it.
func pace() {
	if os.Getenv("GOGC") != "" {
		return
	}
	now := garbage
	debug.SetGCPercent(now)
	afterCollection(func(live uint64) {
		if next := percent(live); next != now {
			now = next
			debug.SetGCPercent(now)
		}
	})
}

// afterCollection calls a function with the size of the live heap after every garbage collection: when an object that
// nothing refers to has been collected.
func afterCollection(call func(live uint64)) {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	var rearm func()
	rearm = func() {
		object := new([16]byte)
		runtime.AddCleanup(object, func(func()) {
			metrics.Read(sample)
			call(sample[0].Value.Uint64())
			rearm()
		}, rearm)
	}
	rearm()
}
