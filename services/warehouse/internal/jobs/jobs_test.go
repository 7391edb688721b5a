package jobs_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
	"example.com/troupe/services/kit/inbox/sqlstore"
	"example.com/troupe/services/kit/inbox/sqlstore/pgtest"
	"example.com/troupe/services/warehouse/internal/dock"
	"example.com/troupe/services/warehouse/internal/jobs"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestAdd(t *testing.T) {
	databases := map[string]func(t *testing.T) string{
		"SQLite":     func(t *testing.T) string { return "sqlite://" + filepath.Join(t.TempDir(), "warehouse.db") },
		"PostgreSQL": func(t *testing.T) string { return pgtest.URL(t) },
	}
	for name, url := range databases {
		t.Run(name, func(t *testing.T) {
			store, err := sqlstore.Opener(jobs.Schema)(t.Context(), url(t), "warehouse")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = store.Close() })
			testAdd(t, store)
		})
	}
}

var errCrash = errors.New("crashed before the commit")

// testAdd follows one order: a crash leaves no job, and a second request for the same order, with another event ID,
// adds none.
func testAdd(t *testing.T, store inbox.Driver) {
	job := dock.Job{OrderID: "o-1", ShipmentID: "shp-1", Carrier: "kolibri", Tracking: "KOLIBRI-1", Pieces: 3, DispatchedAt: time.Now()}
	for _, step := range []struct {
		event string
		crash error
		added bool
	}{
		{"event-1", errCrash, true},
		{"event-1", nil, true},
		{"event-2", nil, false},
	} {
		var added bool
		_, err := store.Try(t.Context(), step.event, func(ctx context.Context, _ *eventing.Tx) error {
			var err error
			added, err = jobs.Table{}.Add(ctx, job)
			return errors.Join(err, step.crash)
		})
		if !errors.Is(err, step.crash) || added != step.added {
			t.Errorf("%s: added = %v, %v; want %v, %v", step.event, added, err, step.added, step.crash)
		}
	}
}
