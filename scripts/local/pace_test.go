package main

import (
	"runtime"
	"testing"
)

func TestPercent(t *testing.T) {
	for live, want := range map[uint64]int{0: 200, 20 << 20: 200, 32 << 20: 200, 64 << 20: 100, 128 << 20: 50, 4 << 30: 25} {
		if got := percent(live); got != want {
			t.Errorf("with %d MB, GOGC is %d, want %d", live>>20, got, want)
		}
	}
}

// TestAfterCollection checks that the function is called after every collection, not only the first.
func TestAfterCollection(t *testing.T) {
	calls := make(chan uint64)
	afterCollection(func(live uint64) {
		select {
		case calls <- live:
		case <-t.Context().Done():
		}
	})
	for called := 0; called < 3; {
		runtime.GC() // one may come before the function is armed again
		select {
		case live := <-calls:
			if called++; live == 0 {
				t.Error("the live heap is empty")
			}
		default:
		}
	}
}
