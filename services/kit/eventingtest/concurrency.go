package eventingtest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
)

// concurrency holds the promises about units of work that run at the same time.
var concurrency = map[string]func(*testing.T, bench){
	"concurrent duplicates": duplicates,
	"concurrent counters":   counters,
	"no write skew":         skew,
}

// duplicates delivers one event 20 times at once: one delivery takes effect, and all get
// its record.
func duplicates(t *testing.T, b bench) {
	const deliveries = 20
	records, took := make([]string, deliveries), make([]bool, deliveries)
	together(deliveries, func(i int) {
		done, repeated, err := inbox.Do(t.Context(), b, "unit", func(ctx context.Context, tx *eventing.Tx) error {
			tx.Begin(eventing.Cause{Fingerprint: strconv.Itoa(i)})
			return increment(ctx, tx, "sum")
		})
		if err != nil {
			t.Errorf("delivery %d: %v", i, err)
		}
		records[i], took[i] = done.Record.Fingerprint, !repeated
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

// counters increments two documents in either order, whose reads go stale all the time.
func counters(t *testing.T, b bench) {
	const workers, units = 6, 5
	together(workers, func(i int) {
		for n := range units {
			one, other := "a", "b"
			if n%2 == 1 {
				one, other = other, one
			}
			key := fmt.Sprint("unit ", i, ".", n)
			_, _, err := inbox.Do(t.Context(), b, key, func(ctx context.Context, tx *eventing.Tx) error {
				return cmp.Or(increment(ctx, tx, one), increment(ctx, tx, other))
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

// skew runs two units of work that both read two documents, and each writes the one that the
// other only reads: the second to commit must see what the first did. The documents exist
// in every other round.
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
			work := takeUnlessTaken(keys[i], keys[1-i], sync.OnceFunc(func() { meet(&read) }))
			if _, _, err := inbox.Do(t.Context(), b, "take "+keys[i], work); err != nil {
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

// takeUnlessTaken sets one document to 1 unless the other is 1.
func takeUnlessTaken(mine, other string, hasRead func()) eventing.Work {
	return func(ctx context.Context, tx *eventing.Tx) error {
		m, o := &counter{key: mine}, &counter{key: other}
		_, err1 := tx.Load(ctx, m)
		_, err2 := tx.Load(ctx, o)
		hasRead()
		if o.n == 0 {
			m.n = 1
			tx.Save(m)
		}
		return cmp.Or(err1, err2)
	}
}

// meet waits for the other unit of work, but not for long: in a database with one writer the
// other can't have begun.
func meet(both *sync.WaitGroup) {
	met := make(chan struct{})
	go func() { both.Done(); both.Wait(); close(met) }()
	select {
	case <-met:
	case <-time.After(20 * time.Millisecond):
	}
}

// together runs a function n times at once, and waits.
func together(n int, run func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { run(i) })
	}
	wg.Wait()
}

// counter is a document that is a number.
type counter struct {
	key string
	n   int
}

func (c *counter) Key() string                     { return c.key }
func (c *counter) MarshalJSON() ([]byte, error)    { return json.Marshal(c.n) }
func (c *counter) UnmarshalJSON(text []byte) error { return json.Unmarshal(text, &c.n) }

func increment(ctx context.Context, tx *eventing.Tx, key string) error {
	c := &counter{key: key}
	_, err := tx.Load(ctx, c)
	c.n++
	tx.Save(c)
	return err
}
