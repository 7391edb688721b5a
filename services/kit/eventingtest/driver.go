package eventingtest

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
	"github.com/google/go-cmp/cmp"
)

// Driver is what every driver of the inbox passes. Open returns one over an empty
// database; the suite closes it.
func Driver(t *testing.T, open func(t *testing.T) inbox.Driver) {
	for _, group := range []map[string]func(*testing.T, bench){documents, records, concurrency, ahead} {
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

// bench is a driver with what the tests do to it.
type bench struct{ inbox.Driver }

// try commits changes under a key.
func (b bench) try(ctx context.Context, key string, changes ...eventing.Change) error {
	return b.Try(ctx, key, func(context.Context, eventing.State) (inbox.Commit, error) {
		return inbox.Commit{Changes: changes}, nil
	})
}

// must is try without a failure.
func (b bench) must(t *testing.T, key string, changes ...eventing.Change) {
	t.Helper()
	if err := b.try(t.Context(), key, changes...); err != nil {
		t.Fatalf("commit %s: %v", key, err)
	}
}

// wantDocument checks a document; version 0 is for none.
func (b bench) wantDocument(t *testing.T, key string, body string, version int64) {
	t.Helper()
	gotBody, gotVersion, err := b.Read(t.Context(), key)
	if err != nil || string(gotBody) != body || gotVersion != version || (gotBody == nil) != (version == 0) {
		t.Errorf("Read(%q) = %.80q, %d, %v; want %.80q, %d", key, gotBody, gotVersion, err, body, version)
	}
}

// wantRecord checks a record; nil is for none.
func (b bench) wantRecord(t *testing.T, key string, want *inbox.Record) {
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
func text(record *inbox.Record) string {
	body, err := json.Marshal(record)
	return fmt.Sprint(string(body), err)
}

func save(key string, version int64, body string) eventing.Change {
	return eventing.Change{Key: key, Version: version, Body: []byte(body)}
}

func check(key string, version int64) eventing.Change {
	return eventing.Change{Key: key, Version: version}
}
