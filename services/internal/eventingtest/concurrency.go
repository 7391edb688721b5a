package eventingtest

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.com/troupe/services/internal/eventing"
	"example.com/troupe/services/internal/inbox"
)

// concurrency are the promises to units of work that meet.
var concurrency = map[string]func(*testing.T, bench){
	"concurrent duplicates": duplicates,
	"concurrent counters":   counters,
	"no write skew":         skew,
}

// duplicates are 20 deliveries of one fact at once: one takes effect, and all get its
// record.
func duplicates(t *testing.T, b bench) {
	const deliveries = 20
	var first atomic.Int64
	var seen sync.Map
	together(deliveries, func(i int) {
		record, repeated, err := inbox.Inbox{Driver: b}.Do(t.Context(), "unit", func(ctx context.Context, state eventing.State) (inbox.Commit, error) {
			change, err := increment(ctx, state, "sum")
			return inbox.Commit{Changes: []eventing.Change{change}, Record: inbox.Record{Fingerprint: strconv.Itoa(i)}}, err
		})
		if err != nil {
			t.Errorf("delivery %d: %v", i, err)
		}
		if !repeated {
			first.Add(1)
		}
		seen.Store(record.Fingerprint, i)
	})
	if n := first.Load(); n != 1 {
		t.Errorf("%d deliveries took effect; want 1", n)
	}
	records := 0
	seen.Range(func(any, any) bool { records++; return true })
	if records != 1 {
		t.Errorf("the deliveries got %d different records; want the same", records)
	}
	b.wantDocument(t, "sum", `1`, 1)
}

// counters all raise one document, whose reads go stale, and one that they come to
// from the other side.
func counters(t *testing.T, b bench) {
	const workers, units = 6, 5
	together(workers, func(i int) {
		for n := range units {
			_, _, err := inbox.Inbox{Driver: b}.Do(t.Context(), fmt.Sprint("unit ", i, ".", n), func(ctx context.Context, state eventing.State) (inbox.Commit, error) {
				keys := []string{"a", "b"}
				one, err1 := increment(ctx, state, keys[n%2])
				other, err2 := increment(ctx, state, keys[1-n%2])
				return inbox.Commit{Changes: []eventing.Change{one, other}}, cmp.Or(err1, err2)
			})
			if err != nil {
				t.Errorf("unit of work %d.%d: %v", i, n, err)
			}
		}
	})
	b.wantDocument(t, "a", strconv.Itoa(workers*units), workers*units)
	b.wantDocument(t, "b", strconv.Itoa(workers*units), workers*units)
}

// skew has two units of work that read both documents, and each writes one that the
// other only reads: whoever comes second must see what the first did. The documents
// exist in one round and not in the next.
func skew(t *testing.T, b bench) {
	for round := range 6 {
		keys := []string{fmt.Sprint("left/", round), fmt.Sprint("right/", round)}
		var given int64
		if round%2 == 0 {
			given = 1
			b.must(t, fmt.Sprint("given ", round), save(keys[0], 0, `0`), save(keys[1], 0, `0`))
		}
		var read sync.WaitGroup // both have read
		read.Add(2)
		together(2, func(i int) {
			mine, theirs := keys[i], keys[1-i]
			once := sync.OnceFunc(func() { meet(&read) })
			_, _, err := inbox.Inbox{Driver: b}.Do(t.Context(), fmt.Sprint("take ", mine), func(ctx context.Context, state eventing.State) (inbox.Commit, error) {
				_, version, err1 := state.Read(ctx, mine)
				_, other, err2 := state.Read(ctx, theirs)
				once()
				commit := inbox.Commit{Changes: []eventing.Change{check(theirs, other)}}
				if other == given { // the other has not been taken
					commit.Changes = append(commit.Changes, save(mine, version, `1`))
				}
				return commit, cmp.Or(err1, err2)
			})
			if err != nil {
				t.Errorf("round %d: %v", round, err)
			}
		})
		_, left, _ := b.Read(t.Context(), keys[0])
		_, right, _ := b.Read(t.Context(), keys[1])
		if left+right != 2*given+1 {
			t.Errorf("round %d: the documents are at versions %d and %d; want one taken", round, left, right)
		}
	}
}

// meet waits for the other unit of work, but not for long: a database that lets one
// write at a time does not let them meet.
func meet(both *sync.WaitGroup) {
	met := make(chan struct{})
	go func() { both.Done(); both.Wait(); close(met) }()
	select {
	case <-met:
	case <-time.After(20 * time.Millisecond):
	}
}

// together runs a function so many times at once, and waits.
func together(n int, run func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { run(i) })
	}
	wg.Wait()
}

func increment(ctx context.Context, state eventing.State, key string) (eventing.Change, error) {
	body, version, err := state.Read(ctx, key)
	if err != nil {
		return eventing.Change{}, err
	}
	sum := 0
	if body != nil {
		if sum, err = strconv.Atoi(string(body)); err != nil {
			return eventing.Change{}, err
		}
	}
	return save(key, version, strconv.Itoa(sum+1)), nil
}
