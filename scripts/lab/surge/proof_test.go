package main

import (
	"database/sql"
	"strings"
	"testing"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/surge"
)

// TestOutcome checks that the proof can fail: an event without a record is lost, one that was committed twice is done
// twice, and a record of an unknown event is an error.
func TestOutcome(t *testing.T) {
	for name, test := range map[string]struct {
		store   manifest.Store
		records []string
		commits []string
		want    surge.Outcome
		err     string
	}{
		"all done":        {manifest.SQL, []string{"a", "b"}, []string{"a", "b"}, surge.Outcome{Published: 2, Completed: 2}, ""},
		"one lost":        {manifest.SQL, []string{"b"}, []string{"a", "b"}, surge.Outcome{Published: 2, Completed: 1, Lost: 1}, ""},
		"one done twice":  {manifest.SQL, []string{"a", "b"}, []string{"a", "b", "a"}, surge.Outcome{Published: 2, Completed: 2, Twice: 1}, ""},
		"one from nobody": {manifest.SQL, []string{"a", "b", "c"}, []string{"a", "b"}, surge.Outcome{}, "1 records of events that were not published"},
		"by steps alone":  {manifest.DynamoDB, nil, []string{"b", "b"}, surge.Outcome{Published: 2, Completed: 1, Lost: 1, Twice: 1}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			theatre := &theatre{
				about: &subject{service: &manifest.Manifest{Name: "mill", Store: test.store}},
				dir:   t.TempDir(), ledger: newLedger(withIDs("a", "b")),
			}
			db, err := sql.Open("sqlite", "file:"+theatre.database(behindQueue))
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.Exec("CREATE TABLE inbox_records (id TEXT PRIMARY KEY)"); err != nil {
				t.Fatal(err)
			}
			for _, id := range test.records {
				if _, err := db.Exec("INSERT INTO inbox_records VALUES ($1)", "sack.brought.v1/"+id); err != nil {
					t.Fatal(err)
				}
			}
			w := &theatre.ledger.queue
			for _, id := range test.commits {
				theatre.ledger.step(w, events.Step{EventID: id, Outcome: events.Handled})
			}
			got, err := theatre.outcome(t.Context(), behindQueue, w, time.Now())
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("got %v, want %q", err, test.err)
				}
				return
			}
			if got.DrainSeconds = 0; err != nil || got != test.want {
				t.Errorf("got %+v, %v; want %+v", got, err, test.want)
			}
		})
	}
}
