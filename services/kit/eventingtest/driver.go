package eventingtest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
	"github.com/google/go-cmp/cmp"
)

// Driver is the conformance suite of the inbox's drivers. Open returns one over an empty
// database, with the indexes Indexes; the suite closes it.
func Driver(t *testing.T, open func(t *testing.T) inbox.Driver) {
	for _, group := range []map[string]func(*testing.T, bench){documents, indexes, records, concurrency} {
		for name, test := range group {
			t.Run(name, func(t *testing.T) {
				driver := open(t)
				t.Cleanup(func() {
					if err := driver.Close(); err != nil {
						t.Errorf("close: %v", err)
					}
				})
				test(t, bench{driver})
			})
		}
	}
}

// bench is a driver with the tests' helpers.
type bench struct{ inbox.Driver }

// try commits changes under a key.
func (b bench) try(ctx context.Context, key string, changes ...eventing.Change) error {
	_, err := b.Try(ctx, key, making(changes...))
	return err
}

// must is try for changes that must succeed.
func (b bench) must(t *testing.T, key string, changes ...eventing.Change) {
	t.Helper()
	if err := b.try(t.Context(), key, changes...); err != nil {
		t.Fatalf("commit %s: %v", key, err)
	}
}

// making returns work that makes changes at the versions that they state, whatever the
// database holds.
func making(changes ...eventing.Change) eventing.Work {
	return func(ctx context.Context, tx *eventing.Tx) error {
		made := eventing.NewTx(versions(changes))
		for _, change := range changes {
			if _, err := made.Load(ctx, &raw{change: change}); err != nil {
				return err
			}
			if change.Body != nil {
				made.Save(&raw{change: change})
			}
		}
		*tx = *made
		return nil
	}
}

// versions is a state in which each document is at the version that its change states.
type versions []eventing.Change

func (v versions) Read(_ context.Context, key string) ([]byte, int64, error) {
	i := slices.IndexFunc(v, func(c eventing.Change) bool { return c.Key == key })
	return []byte("null"), v[i].Version, nil
}

func (v versions) Search(context.Context, eventing.Search) ([]eventing.Found, bool, error) {
	return nil, false, nil
}

// raw is a document whose JSON is a change's body.
type raw struct{ change eventing.Change }

func (r *raw) Key() string                  { return r.change.Key }
func (r *raw) MarshalJSON() ([]byte, error) { return r.change.Body, nil }

// wantDocument checks a document; version 0 is for none.
func (b bench) wantDocument(t *testing.T, key string, body string, version int64) {
	t.Helper()
	gotBody, gotVersion, err := b.Read(t.Context(), key)
	if err != nil || string(gotBody) != body || gotVersion != version || (gotBody == nil) != (version == 0) {
		t.Errorf("Read(%q) = %.80q, %d, %v; want %.80q, %d", key, gotBody, gotVersion, err, body, version)
	}
}

// wantRecord checks a record; nil is for none.
func (b bench) wantRecord(t *testing.T, key string, want *eventing.Record) {
	t.Helper()
	got, err := b.Find(t.Context(), key)
	if err != nil {
		t.Fatalf("Find(%q): %v", key, err)
	}
	if diff := cmp.Diff(text(want), text(got)); diff != "" {
		t.Errorf("Find(%q) (-want +got):\n%s", key, diff)
	}
}

// text is a record byte for byte.
func text(record *eventing.Record) string {
	body, err := json.Marshal(record)
	return fmt.Sprint(string(body), err)
}

func save(key string, version int64, body string) eventing.Change {
	return eventing.Change{Key: key, Version: version, Body: []byte(body)}
}

func check(key string, version int64) eventing.Change {
	return eventing.Change{Key: key, Version: version}
}
