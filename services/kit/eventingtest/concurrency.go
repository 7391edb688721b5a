package eventingtest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
)

// concurrency are the promises to units of work that meet.
var concurrency = map[string]func(*testing.T, bench){
	"concurrent duplicates": duplicates,
	"concurrent counters":   counters,
	"no write skew":         skew,
}

// duplicates are 20 deliveries of one event at once: one takes effect, and all get its
// record.
func duplicates(t *testing.T, b bench) {
	const deliveries = 20
	records, took := make([]string, deliveries), make([]bool, deliveries)
	together(deliveries, func(i int) {
		record, repeated, err := inbox.Inbox{Driver: b}.Do(t.Context(), "unit", inbox.Ahead{}, func(ctx context.Context, state eventing.State) (inbox.Commit, error) {
			change, err := increment(ctx, state, "sum")
			return inbox.Commit{Changes: []eventing.Change{change}, Record: inbox.Record{Fingerprint: strconv.Itoa(i)}}, err
		})
		if err != nil {
			t.Errorf("delivery %d: %v", i, err)
		}
		records[i], took[i] = record.Fingerprint, !repeated
	})
	first := slices.Index(took, true)
	if first < 0 || slices.Contains(took[first+1:], true) {
		t.Errorf("which deliveries took effect: %t; want one", took)
	}
	if len(slices.Compact(slices.Clone(records))) != 1 || records[0] != strconv.Itoa(first) {
		t.Errorf("the deliveries got the records %q; want all that of delivery %d", records, first)
	}
	b.wantDocument(t, "sum", `1`, 1)
}

// counters raise two documents, which they come to from either side, and whose reads
// go stale all the time.
func counters(t *testing.T, b bench) {
	const workers, units = 6, 5
	together(workers, func(i int) {
		for n := range units {
			one, other := "a", "b"
			if n%2 == 1 {
				one, other = other, one
			}
			key := fmt.Sprint("unit ", i, ".", n)
			_, _, err := inbox.Inbox{Driver: b}.Do(t.Context(), key, inbox.Ahead{}, func(ctx context.Context, state eventing.State) (inbox.Commit, error) {
				first, err1 := increment(ctx, state, one)
				second, err2 := increment(ctx, state, other)
				return inbox.Commit{Changes: []eventing.Change{first, second}}, cmp.Or(err1, err2)
			})
			if err != nil {
				t.Errorf("%s: %v", key, err)
			}
		}
	})
	for _, key := range []string{"a", "b"} {
		b.wantDocument(t, key, strconv.Itoa(workers*units), workers*units)
	}
}

// skew has two units of work that read both documents, and each writes one that the
// other only reads: whoever comes second must see what the first did. The documents
// exist in one round and not in the next.
func skew(t *testing.T, b bench) {
	for round := range 6 {
		keys := []string{fmt.Sprint("left/", round), fmt.Sprint("right/", round)}
		given := int64(round % 2)
		if given == 1 {
			b.must(t, fmt.Sprint("given ", round), save(keys[0], 0, `0`), save(keys[1], 0, `0`))
		}
		var read sync.WaitGroup // by both
		read.Add(2)
		together(2, func(i int) {
			work := takeUnlessTaken(keys[i], keys[1-i], given, sync.OnceFunc(func() { meet(&read) }))
			if _, _, err := (inbox.Inbox{Driver: b}).Do(t.Context(), "take "+keys[i], inbox.Ahead{}, work); err != nil {
				t.Errorf("round %d: %v", round, err)
			}
		})
		_, left, err1 := b.Read(t.Context(), keys[0])
		_, right, err2 := b.Read(t.Context(), keys[1])
		if err := cmp.Or(err1, err2); err != nil || left+right != 2*given+1 {
			t.Errorf("round %d: the documents are at versions %d and %d, error %v; want one of them taken", round, left, right, err)
		}
	}
}

// takeUnlessTaken saves one document if the other is at its given version still.
func takeUnlessTaken(mine, other string, given int64, hasRead func()) inbox.Work {
	return func(ctx context.Context, state eventing.State) (inbox.Commit, error) {
		_, version, err1 := state.Read(ctx, mine)
		_, otherVersion, err2 := state.Read(ctx, other)
		hasRead()
		changes := []eventing.Change{check(other, otherVersion)}
		if otherVersion == given {
			changes = append(changes, save(mine, version, `1`))
		}
		return inbox.Commit{Changes: changes}, cmp.Or(err1, err2)
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
