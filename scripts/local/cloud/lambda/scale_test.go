package lambda

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// entered tells how many batches can begin within a time.
func entered(s *scale, within time.Duration) (n int) {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	for s.enter(ctx) {
		n++
	}
	return n
}

func TestScale(t *testing.T) {
	const long = time.Hour
	for _, c := range []struct {
		name   string
		most   int
		saw    []int // messages of batches of ten
		within time.Duration
		want   int
	}{
		{"two at first", 10, nil, long, 2},
		{"never more than allowed", 1, []int{10}, long, 1},
		{"batches that are not full need no more", 10, []int{10, 9}, long, 2},
		{"while messages are left over, five more a second", 100, []int{10}, time.Second - time.Millisecond, 2 + 5},
		{"up to what is allowed", 10, []int{10}, long, 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newScale(c.most)
				for _, messages := range c.saw {
					s.saw(messages, 10)
				}
				if got := entered(s, c.within); got != c.want {
					t.Errorf("%d batches began, want %d", got, c.want)
				}
			})
		})
	}
}

// TestScaleForgets lets a queue be empty for a while.
func TestScaleForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScale(10)
		s.saw(10, 10)
		busy := entered(s, time.Hour)
		for range busy - 1 {
			s.leave()
		}
		s.saw(0, 10)
		if got := entered(s, time.Hour); busy != 10 || got != 1 { // the one that is still under way counts
			t.Errorf("after %d batches and an empty queue %d more began, want 10 and 1", busy, got)
		}
	})
}
