package inbox_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/eventingtest"
	"example.com/troupe/services/kit/inbox"
)

// faulty fails in ways that a database may.
type faulty struct {
	*eventingtest.Memory
	try    []error // of Try, before it works
	find   error
	tries  int
	wonBy  *eventing.Record // the record of another delivery, which Find sees after the first try
	cancel context.CancelFunc
}

func (f *faulty) Find(ctx context.Context, key string) (*eventing.Record, error) {
	if f.find != nil || f.tries > 0 && f.wonBy != nil {
		return f.wonBy, f.find
	}
	return f.Memory.Find(ctx, key)
}

func (f *faulty) Try(ctx context.Context, key string, work eventing.Work) (eventing.Commit, error) {
	f.tries++
	if f.tries == 3 && f.cancel != nil {
		f.cancel()
	}
	if f.tries <= len(f.try) {
		return eventing.Commit{}, fmt.Errorf("try %d: %w", f.tries, f.try[f.tries-1])
	}
	return f.Memory.Try(ctx, key, work)
}

func times(n int, err error) []error {
	errs := make([]error, n)
	for i := range errs {
		errs[i] = err
	}
	return errs
}

func TestDo(t *testing.T) {
	broken := errors.New("the network is down")
	for _, c := range []struct {
		name     string
		driver   faulty
		record   string // its fingerprint
		repeated bool
		err      error
		tries    int
	}{
		{name: "first delivery", record: "mine", tries: 1},
		{name: "stale reads", driver: faulty{try: times(3, inbox.ErrConflict)}, record: "mine", tries: 4},
		{name: "stale to the end", driver: faulty{try: times(99, inbox.ErrConflict)}, err: inbox.ErrConflict, tries: inbox.MaxAttempts},
		{name: "another delivery won", driver: faulty{try: times(1, inbox.ErrDuplicate), wonBy: &eventing.Record{Fingerprint: "theirs"}},
			record: "theirs", repeated: true, tries: 1},
		{name: "a failing commit is not tried again", driver: faulty{try: times(1, broken)}, err: broken, tries: 1},
		{name: "a failing read", driver: faulty{find: broken}, err: broken},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c.driver.Memory = eventingtest.NewMemory()
				done, repeated, err := inbox.Do(t.Context(), &c.driver, "unit", mine)
				if done.Record.Fingerprint != c.record || repeated != c.repeated || !errors.Is(err, c.err) || (err == nil) != (c.err == nil) {
					t.Errorf("Do = %q, %t, %v; want %q, %t, %v", done.Record.Fingerprint, repeated, err, c.record, c.repeated, c.err)
				}
				if c.driver.tries != c.tries {
					t.Errorf("tried %d times; want %d", c.driver.tries, c.tries)
				}
				if err != nil && !strings.Contains(err.Error(), fmt.Sprint("try ", c.tries)) && c.tries > 0 {
					t.Errorf("%v; want the driver's last words in it", err)
				}
			})
		})
	}
}

func mine(_ context.Context, tx *eventing.Tx) error {
	tx.Begin(eventing.Cause{Fingerprint: "mine"})
	return nil
}

// TestDoEndsWithItsContext cancels while it pauses between attempts.
func TestDoEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		driver := &faulty{Memory: eventingtest.NewMemory(), try: times(99, inbox.ErrConflict), cancel: cancel}
		start := time.Now()
		_, _, err := inbox.Do(ctx, driver, "unit", mine)
		if !errors.Is(err, context.Canceled) || driver.tries != 3 {
			t.Errorf("%v after %d tries; want context.Canceled after 3", err, driver.tries)
		}
		if waited := time.Since(start); waited > time.Second {
			t.Errorf("it took %s to end", waited)
		}
	})
}

// outdated is a driver that has read ahead when there was nothing.
type outdated struct{ *eventingtest.Memory }

func (o outdated) Try(ctx context.Context, _ string, work eventing.Work) (eventing.Commit, error) {
	return work.Run(ctx, eventingtest.NewMemory())
}

func (o outdated) Share(string, []string) inbox.Prefetched { return o }

func (o outdated) Fresh() inbox.Driver { return o.Memory }

type bell struct{}

func (bell) Key() string { return "bell" }

// TestAnErrorOverPrefetchedDocumentsDoesNotCount runs work that fails permanently unless it
// sees the document that exists.
func TestAnErrorOverPrefetchedDocumentsDoesNotCount(t *testing.T) {
	memory, runs := eventingtest.NewMemory(), 0
	if _, err := memory.Try(t.Context(), "earlier", func(_ context.Context, tx *eventing.Tx) error { tx.Save(bell{}); return nil }); err != nil {
		t.Fatal(err)
	}
	noBell := eventing.Permanent("no-bell", errors.New("there is no bell"))
	work := func(ctx context.Context, tx *eventing.Tx) error {
		runs++
		if known, err := tx.Load(ctx, &bell{}); !known {
			return errors.Join(noBell, err)
		}
		return nil
	}
	if _, repeated, err := inbox.Do(t.Context(), outdated{memory}, "unit", work); err != nil || repeated || runs != 2 {
		t.Errorf("repeated %t, %d runs, %v; want success with the second", repeated, runs, err)
	}
	absent := func(context.Context, *eventing.Tx) error { return noBell }
	if _, _, err := inbox.Do(t.Context(), outdated{memory}, "another", absent); !errors.Is(err, noBell) {
		t.Errorf("%v; want the work's error when it comes again over fresh documents", err)
	}
}

// busy is a driver with which a duplicate of the unit commits after the n-th look for its record.
type busy struct {
	*eventingtest.Memory
	after, finds int
	conflicts    int // that come first, of a transaction that still runs
	duplicate    eventing.Work
}

func (b *busy) Try(ctx context.Context, key string, work eventing.Work) (eventing.Commit, error) {
	if b.conflicts > 0 {
		b.conflicts--
		return eventing.Commit{}, inbox.ErrConflict
	}
	return b.Memory.Try(ctx, key, work)
}

func (b *busy) Find(ctx context.Context, key string) (*eventing.Record, error) {
	record, err := b.Memory.Find(ctx, key)
	if b.finds++; b.finds == b.after {
		if _, err := b.Memory.Try(ctx, key, b.duplicate); err != nil {
			return nil, err
		}
	}
	return record, err
}

// TestSavingWhatWasNotLoaded: a document that exists and is saved without being loaded fails at
// every run. That is the handler's mistake and permanent, unless a duplicate has saved it.
func TestSavingWhatWasNotLoaded(t *testing.T) {
	memory, runs := eventingtest.NewMemory(), 0
	save := func(_ context.Context, tx *eventing.Tx) error { runs++; tx.Save(bell{}); return nil }
	if _, _, err := inbox.Do(t.Context(), memory, "first", save); err != nil {
		t.Fatal(err)
	}
	runs = 0
	_, _, err := inbox.Do(t.Context(), memory, "second", save)
	if permanent, ok := errors.AsType[*eventing.PermanentError](err); !ok || permanent.Reason != "unloaded-document" || !errors.Is(err, eventing.ErrUnloaded) {
		t.Errorf("%v; want a permanent error", err)
	}
	if runs > 3 || !strings.Contains(err.Error(), "bell") {
		t.Errorf("%d runs: %v", runs, err)
	}
	for after := 1; after <= 2; after++ {
		raced := &busy{Memory: eventingtest.NewMemory(), after: after, conflicts: after - 1, duplicate: save}
		if _, repeated, err := inbox.Do(t.Context(), raced, "unit", save); err != nil || !repeated {
			t.Errorf("a duplicate after look %d: repeated %t, %v", after, repeated, err)
		}
	}
}
