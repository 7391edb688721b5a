package eventingtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
)

// Indexes are those that the conformance suite uses, as service.json would declare them.
var Indexes = []string{"patient", "day"}

// visit is a document that is found by its patient and, once it has one, by its day.
type visit struct {
	ID      string `json:"id"`
	Patient string `json:"patient"`
	At      string `json:"at"`
	Day     string `json:"day"`
	Note    string `json:"note"`
}

func (v *visit) Key() string { return "visit/" + v.ID }

func (v *visit) Indexes() []eventing.Index {
	return []eventing.Index{{Name: "patient", Value: v.Patient, Order: v.At}, {Name: "day", Value: v.Day, Order: v.At}}
}

// indexes holds the promises about documents that are found by more than their keys.
var indexes = map[string]func(*testing.T, bench){
	"nothing found":                      func(t *testing.T, b bench) { b.wantFound(t, eventing.Query{Index: "patient", Value: "nobody"}, "") },
	"found in order, page by page":       pages,
	"an order of any letters":            letters,
	"an entry follows its document":      moving,
	"a large page":                       largePage,
	"a unit of work finds, and saves":    findInside,
	"what fails is not found":            failingEntries,
	"concurrent units of work are found": concurrentEntries,
}

// book saves visits in one unit of work.
func (b bench) book(t *testing.T, visits ...visit) {
	t.Helper()
	_, _, err := inbox.Do(t.Context(), b, rand.Text(), func(ctx context.Context, tx *eventing.Tx) error {
		for _, v := range visits {
			if _, err := tx.Load(ctx, &visit{ID: v.ID}); err != nil {
				return err
			}
			tx.Save(&v)
		}
		return nil
	})
	if err != nil {
		t.Fatalf("save %.200v: %v", visits, err)
	}
}

// found returns the ids of all pages, and how many documents each page had.
func (b bench) found(t *testing.T, q eventing.Query) (ids []string, sizes []int) {
	t.Helper()
	for {
		page, next, err := eventing.Find[visit](t.Context(), eventing.NewTx(b), q)
		if err != nil {
			t.Fatalf("find %+v: %v", q, err)
		}
		for _, v := range page {
			ids = append(ids, v.ID)
		}
		if sizes = append(sizes, len(page)); next == "" {
			return ids, sizes
		}
		q.After = next
	}
}

func (b bench) wantFound(t *testing.T, q eventing.Query, want string) {
	t.Helper()
	if ids, sizes := b.found(t, q); strings.Join(ids, " ") != want {
		t.Errorf("found by %s %q: %v in pages of %v; want %s", q.Index, q.Value, ids, sizes, want)
	}
}

// pages books visits of which several are at the same time: then their keys decide.
func pages(t *testing.T, b bench) {
	for i, at := range []string{"09:00", "10:00", "10:00", "10:00", "08:00", "11:00"} {
		b.book(t, visit{ID: fmt.Sprint("v", i), Patient: "ann", At: at}, visit{ID: fmt.Sprint("w", i), Patient: "bob", At: at})
	}
	const up, down = "v4 v0 v1 v2 v3 v5", "v5 v3 v2 v1 v0 v4"
	for _, limit := range []int{0, 1, 2, 3, 5, 6, 7, 100} {
		b.wantFound(t, eventing.Query{Index: "patient", Value: "ann", Limit: limit}, up)
		b.wantFound(t, eventing.Query{Index: "patient", Value: "ann", Limit: limit, Newest: true}, down)
	}
	for limit, want := range map[int][]int{2: {2, 2, 2}, 4: {4, 2}, 6: {6}} {
		if _, sizes := b.found(t, eventing.Query{Index: "patient", Value: "ann", Limit: limit}); !slices.Equal(sizes, want) {
			t.Errorf("pages of %d have %v documents; want %v", limit, sizes, want)
		}
	}
	b.wantFound(t, eventing.Query{Index: "day", Value: "ann"}, "") // they have no day
	b.wantFound(t, eventing.Query{Index: "patient", Value: "an"}, "")
}

// letters orders by bytes of UTF-8, which neither a dictionary nor UTF-16 does.
func letters(t *testing.T, b bench) {
	orders := []string{"", "\x01", " ", "10", "9", "A", "Z", "a", "a b", "aa", "b", "ß", "é", "☂", "\uffff", "😀"}
	var want []string
	for i, order := range orders {
		id := fmt.Sprint(len(orders) - i + 10)
		want = append(want, id)
		b.book(t, visit{ID: id, Patient: `Ünïcödé ☂'"\`, At: order})
	}
	b.wantFound(t, eventing.Query{Index: "patient", Value: `Ünïcödé ☂'"\`, Limit: 3}, strings.Join(want, " "))
}

// moving changes what a document is found by.
func moving(t *testing.T, b bench) {
	want := func(ann, bob, monday string) {
		t.Helper()
		b.wantFound(t, eventing.Query{Index: "patient", Value: "ann"}, ann)
		b.wantFound(t, eventing.Query{Index: "patient", Value: "bob"}, bob)
		b.wantFound(t, eventing.Query{Index: "day", Value: "monday"}, monday)
	}
	b.book(t, visit{ID: "1", Patient: "ann", At: "1"}, visit{ID: "2", Patient: "ann", At: "2", Day: "monday"})
	want("1 2", "", "2")
	b.book(t, visit{ID: "1", Patient: "ann", At: "3"}) // another order
	want("2 1", "", "2")
	b.book(t, visit{ID: "2", Patient: "bob", At: "2", Day: "monday"}, visit{ID: "1", Patient: "ann", At: "3", Day: "monday"})
	want("1", "2", "2 1")
	b.book(t, visit{ID: "2", Patient: "bob", Note: "no day, and first"})
	want("1", "2", "1")
	b.book(t, visit{ID: "1"})
	want("", "2", "")
	b.book(t, visit{ID: "1", Patient: "bob", At: "0"})
	want("", "2 1", "")
}

func largePage(t *testing.T, b bench) {
	var want []string
	var visits []visit
	for i := range eventing.MaxPage + 1 {
		v := visit{ID: fmt.Sprintf("%03d", i), Patient: "ann", Note: strings.Repeat("n", 1000)}
		visits, want = append(visits, v), append(want, v.ID)
	}
	b.book(t, visits[:50]...)
	b.book(t, visits[50:]...)
	ids, sizes := b.found(t, eventing.Query{Index: "patient", Value: "ann", Limit: eventing.MaxPage})
	if !slices.Equal(ids, want) || !slices.Equal(sizes, []int{eventing.MaxPage, 1}) {
		t.Errorf("found %v in pages of %v", ids, sizes)
	}
}

// findInside saves a document that was found and not loaded, after another unit of work has changed it.
func findInside(t *testing.T, b bench) {
	b.book(t, visit{ID: "1", Patient: "ann"})
	runs := 0
	_, _, err := inbox.Do(t.Context(), b, "unit", func(ctx context.Context, tx *eventing.Tx) error {
		tx.Save(&visit{ID: "2", Patient: "ann"}) // not committed, and not found
		page, _, err := eventing.Find[visit](ctx, tx, eventing.Query{Index: "patient", Value: "ann"})
		if err != nil || len(page) != 1 {
			return fmt.Errorf("found %d visits, error %w", len(page), err)
		}
		page[0].Note += "found"
		tx.Save(page[0])
		runs++
		return nil
	})
	if err != nil || runs != 1 {
		t.Fatalf("%d runs, error %v", runs, err)
	}
	b.wantDocument(t, "visit/1", `{"id":"1","patient":"ann","at":"","day":"","note":"found"}`, 2)
	b.wantFound(t, eventing.Query{Index: "patient", Value: "ann"}, "1 2")

	page, _, err := eventing.Find[visit](t.Context(), eventing.NewTx(b), eventing.Query{Index: "patient", Value: "ann"})
	if err != nil || len(page) != 2 || page[0].Note != "found" {
		t.Errorf("found %v, error %v", page, err)
	}
}

func failingEntries(t *testing.T, b bench) {
	b.book(t, visit{ID: "1", Patient: "ann"})
	_, err := b.Try(t.Context(), "unit", func(_ context.Context, tx *eventing.Tx) error {
		tx.Save(&visit{ID: "0", Patient: "ann"})
		tx.Save(&visit{ID: "1", Patient: "bob"}) // it is there already
		return nil
	})
	if !errors.Is(err, inbox.ErrConflict) {
		t.Errorf("save what is there: %v; want ErrConflict", err)
	}
	b.wantFound(t, eventing.Query{Index: "patient", Value: "ann"}, "1")
	b.wantFound(t, eventing.Query{Index: "patient", Value: "bob"}, "")
}

// concurrentEntries lets units of work move one document about, and create others.
func concurrentEntries(t *testing.T, b bench) {
	const workers = 6
	together(workers, func(i int) {
		_, _, err := inbox.Do(t.Context(), b, fmt.Sprint("unit ", i), func(ctx context.Context, tx *eventing.Tx) error {
			shared := &visit{ID: "shared"}
			_, err := tx.Load(ctx, shared)
			shared.Patient, shared.Note = fmt.Sprint("p", len(shared.Note)), shared.Note+"x"
			tx.Save(shared)
			tx.Save(&visit{ID: fmt.Sprint(i), Patient: "ann", At: fmt.Sprint(workers - i)})
			return err
		})
		if err != nil {
			t.Errorf("unit %d: %v", i, err)
		}
	})
	b.wantFound(t, eventing.Query{Index: "patient", Value: "ann", Limit: 4}, "5 4 3 2 1 0")
	for i := range workers {
		b.wantFound(t, eventing.Query{Index: "patient", Value: fmt.Sprint("p", i)}, map[int]string{workers - 1: "shared"}[i])
	}
}
