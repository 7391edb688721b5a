package eventing_test

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/eventingtest"
	"example.com/troupe/services/kit/inbox"
)

// seat is a bell's place in a tower, found by the tower.
type seat struct {
	Bell    string   `json:"bell"`
	Tower   string   `json:"tower"`
	Height  string   `json:"height"`
	index   string   // "tower" if empty
	entries []string // more values
}

func (s *seat) Key() string { return "seat/" + s.Bell }

func (s *seat) Indexes() []eventing.Index {
	name := "tower"
	if s.index != "" {
		name = s.index
	}
	all := []eventing.Index{{Name: name, Value: s.Tower, Order: s.Height}}
	for _, value := range s.entries {
		all = append(all, eventing.Index{Name: name, Value: value})
	}
	return all
}

// other is a document that is decoded from a seat's, with another key.
type other struct{ Bell string }

func (o *other) Key() string { return "other/" + o.Bell }

// commit runs a unit of work over a memory that may have changed under it.
func commit(t *testing.T, m *eventingtest.Memory, key string, work eventing.Work) error {
	t.Helper()
	_, err := m.Try(t.Context(), key, work)
	return err
}

func saving(seats ...*seat) eventing.Work {
	return func(ctx context.Context, tx *eventing.Tx) error {
		for _, s := range seats {
			if _, err := tx.Load(ctx, &seat{Bell: s.Bell}); err != nil {
				return err
			}
			tx.Save(s)
		}
		return nil
	}
}

var inNorth = eventing.Query{Index: "tower", Value: "north", Limit: 1}

// TestFoundDocumentsAreSavedAtTheirVersion changes what was found before it is saved or loaded.
func TestFoundDocumentsAreSavedAtTheirVersion(t *testing.T) {
	for name, c := range map[string]struct {
		then     func(ctx context.Context, tx *eventing.Tx, found *seat) error
		conflict bool
	}{
		"saved": {func(_ context.Context, tx *eventing.Tx, found *seat) error { tx.Save(found); return nil }, true},
		"loaded": {func(ctx context.Context, tx *eventing.Tx, found *seat) error {
			_, err := tx.Load(ctx, found)
			return err
		}, true},
		"found again, and saved": {func(ctx context.Context, tx *eventing.Tx, found *seat) error {
			_, _, err := eventing.Find[seat](ctx, tx, inNorth)
			tx.Save(found)
			return err
		}, true},
		"only found": {func(context.Context, *eventing.Tx, *seat) error { return nil }, false},
	} {
		t.Run(name, func(t *testing.T) {
			m := eventingtest.NewMemory()
			if err := commit(t, m, "given", saving(&seat{Bell: "tom", Tower: "north"})); err != nil {
				t.Fatal(err)
			}
			err := commit(t, m, "unit", func(ctx context.Context, tx *eventing.Tx) error {
				found, _, err := eventing.Find[seat](ctx, tx, inNorth)
				if err != nil || len(found) != 1 {
					t.Fatalf("found %v, error %v", found, err)
				}
				if err := commit(t, m, "meanwhile", saving(&seat{Bell: "tom", Tower: "north", Height: "9"})); err != nil {
					t.Fatal(err)
				}
				return c.then(ctx, tx, found[0])
			})
			if errors.Is(err, inbox.ErrConflict) != c.conflict {
				t.Errorf("error %v; want a conflict: %t", err, c.conflict)
			}
		})
	}
}

// TestFoundDocumentsAreAsTheUnitOfWorkHasThem finds what was saved before, still where it is committed.
func TestFoundDocumentsAreAsTheUnitOfWorkHasThem(t *testing.T) {
	m := eventingtest.NewMemory()
	if err := commit(t, m, "given", saving(&seat{Bell: "tom", Tower: "north"})); err != nil {
		t.Fatal(err)
	}
	err := commit(t, m, "unit", func(ctx context.Context, tx *eventing.Tx) error {
		if err := saving(&seat{Bell: "tom", Tower: "south"}, &seat{Bell: "tim", Tower: "north"})(ctx, tx); err != nil {
			return err
		}
		found, next, err := eventing.Find[seat](ctx, tx, inNorth)
		if err != nil || len(found) != 1 || next != "" || found[0].Tower != "south" {
			t.Errorf("found %v, then %q, error %v; want tom in the south", found, next, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestRefusedQueriesAndEntries(t *testing.T) {
	find := func(q eventing.Query) eventing.Work {
		return func(ctx context.Context, tx *eventing.Tx) error {
			_, _, err := eventing.Find[seat](ctx, tx, q)
			return err
		}
	}
	for name, c := range map[string]struct {
		work eventing.Work
		want string
	}{
		"no value":                   {find(eventing.Query{Index: "tower"}), `index tower, value "":`},
		"a value with NUL":           {find(eventing.Query{Index: "tower", Value: "a\x00"}), "without NUL"},
		"a page too large":           {find(eventing.Query{Index: "tower", Value: "north", Limit: 101}), "a page of 101 documents of index tower: it has 1 to 100"},
		"an index undeclared":        {find(eventing.Query{Index: "towers", Value: "north"}), `the code uses the index "towers": add it to "indexes" in service.json; it declares tower, age`},
		"an entry undeclared":        {saving(&seat{Bell: "a", Tower: "b", index: "height"}), `save seat/a: undeclared-index: the code uses the index "height"`},
		"two entries an index":       {saving(&seat{Bell: "a", Tower: "b", entries: []string{"c"}}), `index "tower" of seat/a, value "c"`},
		"an order that is not UTF-8": {saving(&seat{Bell: "a", Tower: "b", Height: "\xff"}), "UTF-8"},
		"an order with NUL":          {saving(&seat{Bell: "a", Tower: "b", Height: "\x00"}), "NUL"},
		"a document of another type": {func(ctx context.Context, tx *eventing.Tx) error {
			_, _, err := eventing.Find[other](ctx, tx, inNorth)
			return err
		}, "find seat/tom by index tower: it has the key other/tom as a *eventing_test.other"},
	} {
		t.Run(name, func(t *testing.T) {
			m := eventingtest.NewMemory()
			if err := commit(t, m, "given", saving(&seat{Bell: "tom", Tower: "north"})); err != nil {
				t.Fatal(err)
			}
			err := commit(t, m, "unit", func(ctx context.Context, tx *eventing.Tx) error {
				tx.Restrict([]string{"tower", "age"})
				return c.work(ctx, tx)
			})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v; want %q", err, c.want)
			}
			if _, permanent := (eventing.Handler{}).Permanence(err); !permanent {
				t.Errorf("%v: it is not permanent", err)
			}
		})
	}
}

func TestCursorsOfOtherQueriesAreRefused(t *testing.T) {
	m := eventingtest.NewMemory()
	given := saving(&seat{Bell: "tom", Tower: "north"}, &seat{Bell: "tim", Tower: "north"}, &seat{Bell: "tam", Tower: "south"})
	if err := commit(t, m, "given", given); err != nil {
		t.Fatal(err)
	}
	_, cursor, err := eventing.Find[seat](t.Context(), eventing.NewTx(m), inNorth)
	if err != nil || cursor == "" {
		t.Fatalf("cursor %q, error %v", cursor, err)
	}
	for name, q := range map[string]eventing.Query{
		"of another value": {Index: "tower", Value: "south", After: cursor},
		"of another index": {Index: "age", Value: "north", After: cursor},
		"of another order": {Index: "tower", Value: "north", Newest: true, After: cursor},
		"cut off":          {Index: "tower", Value: "north", After: cursor[:len(cursor)-1]},
		"changed":          {Index: "tower", Value: "north", After: strings.Replace(cursor, cursor[10:12], "xy", 1)},
		"no base64":        {Index: "tower", Value: "north", After: "?"},
		"empty inside":     {Index: "tower", Value: "north", After: base64.RawURLEncoding.EncodeToString([]byte("sixsix"))},
	} {
		if _, _, err := eventing.Find[seat](t.Context(), eventing.NewTx(m), q); !errors.Is(err, eventing.ErrCursor) {
			t.Errorf("a cursor %s: %v; want ErrCursor", name, err)
		}
	}
	page, _, err := eventing.Find[seat](t.Context(), eventing.NewTx(m), eventing.Query{Index: "tower", Value: "north", Limit: 50, After: cursor})
	if err != nil || len(page) != 1 || page[0].Bell != "tom" {
		t.Errorf("the next page, of another limit: %v, error %v; want tom", page, err)
	}
}
