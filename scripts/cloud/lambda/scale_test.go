package lambda

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

const (
	soon   = growth / 2
	aWhile = 10 * time.Second
	long   = 2 * longWait
)

// begun returns how many batches can begin within a time if none ends.
func begun(s *scale, within time.Duration) (n int) {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	for s.enter(ctx) {
		n++
	}
	return n
}

func TestScale(t *testing.T) {
	for _, c := range []struct {
		name      string
		most      int
		leftOver  bool
		batches   []time.Duration // earlier batches, by how long their messages had waited; 0 for one that isn't full
		within    time.Duration
		wantBegun int
	}{
		{"two at first", 10, false, nil, soon, 2},
		{"never more than allowed", 1, true, []time.Duration{long, long}, aWhile, 1},
		{"quick ones stay two", 10, false, []time.Duration{1, 1, 1}, aWhile, 2},
		{"one more for each whose messages waited long", 10, true, []time.Duration{long, long}, soon, 4},
		{"none without a backlog", 10, false, []time.Duration{long, long, long}, aWhile, 2},
		{"where none is free for long, more", 10, true, nil, aWhile, 10},
		{"batches that are not full need fewer", 10, false, []time.Duration{long, 0, 0}, aWhile, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newScale(c.most, func() bool { return c.leftOver })
				for _, waited := range c.batches {
					if !s.enter(t.Context()) {
						t.Fatal("no batch may begin")
					}
					s.adjust(waited > 0, waited)
					time.Sleep(growth)
					s.leave()
				}
				if got := begun(s, c.within); got != c.wantBegun {
					t.Errorf("%d batches began, want %d", got, c.wantBegun)
				}
			})
		})
	}
}

// TestScaleGrowsSlowly checks how many batches may begin within the first second.
func TestScaleGrowsSlowly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScale(1000, func() bool { return true })
		if got := begun(s, time.Second+time.Millisecond); got != firstBatches+5 {
			t.Errorf("%d batches began within a second, want %d", got, firstBatches+5)
		}
	})
}

// TestScaleGoesBack simulates a rush followed by little work.
func TestScaleGoesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		backlog := true
		s := newScale(10, func() bool { return backlog })
		rush := begun(s, aWhile)
		backlog = false
		for range rush {
			s.leave()
			s.adjust(false, 0)
		}
		if got := begun(s, aWhile); rush != 10 || got != firstBatches {
			t.Errorf("%d batches began in the rush and %d after it, want 10 and %d", rush, got, firstBatches)
		}
	})
}
