package jitter_test

import (
	"strconv"
	"testing"
	"time"

	"example.com/troupe/events/bus/jitter"
)

func TestBelowFollowsFromItsPurpose(t *testing.T) {
	once, again := jitter.Below(time.Hour, 3, "queue", "m-1"), jitter.Below(time.Hour, 3, "queue", "m-1")
	if once != again {
		t.Errorf("the same attempt pauses for %s and then for %s", once, again)
	}
	for _, other := range []time.Duration{jitter.Below(time.Hour, 4, "queue", "m-1"), jitter.Below(time.Hour, 3, "queue", "m-2")} {
		if other == once {
			t.Errorf("another attempt or message pauses for %s too", other)
		}
	}
}

// TestBelowSpreads checks that pauses of many messages, and of many attempts of one, are spread evenly below the
// ceiling: of 10,000 pauses in ten equal intervals, each interval contains 1,000, give or take five standard
// deviations.
func TestBelowSpreads(t *testing.T) {
	const n, parts = 10_000, 10
	for name, pause := range map[string]func(i int) time.Duration{
		"messages": func(i int) time.Duration { return jitter.Below(parts*time.Second, 1, "message-"+strconv.Itoa(i)) },
		"attempts": func(i int) time.Duration { return jitter.Below(parts*time.Second, i, "message") },
	} {
		counts := [parts]int{}
		for i := range n {
			counts[pause(i)/time.Second]++
		}
		for part, count := range counts {
			if count < 850 || count > 1150 {
				t.Errorf("%s: %d of %d pauses are in second %d", name, count, n, part)
			}
		}
	}
}
