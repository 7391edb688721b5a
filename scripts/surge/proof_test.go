package main

import (
	"database/sql"
	"strings"
	"testing"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/surge"
)

// TestOutcome holds that the proof can fail: what has no job is lost, what committed twice is done twice, and a job that
// nobody asked for is an error.
func TestOutcome(t *testing.T) {
	for name, test := range map[string]struct {
		jobs    []string
		commits []string
		want    surge.Outcome
		err     string
	}{
		"all done":        {jobs: []string{"a", "b"}, commits: []string{"a", "b"}, want: surge.Outcome{Published: 2, Completed: 2}},
		"one lost":        {jobs: []string{"b"}, commits: []string{"a", "b"}, want: surge.Outcome{Published: 2, Completed: 1, Lost: 1}},
		"one done twice":  {jobs: []string{"a", "b"}, commits: []string{"a", "b", "a"}, want: surge.Outcome{Published: 2, Completed: 2, Twice: 1}},
		"one from nobody": {jobs: []string{"a", "b", "c"}, commits: []string{"a", "b"}, err: "1 jobs that nobody asked for"},
	} {
		t.Run(name, func(t *testing.T) {
			theatre := &theatre{dir: t.TempDir(), ledger: newLedger([]string{"a", "b"})}
			db, err := sql.Open("sqlite", "file:"+theatre.database(behindQueue))
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.Exec("CREATE TABLE jobs (order_id TEXT PRIMARY KEY)"); err != nil {
				t.Fatal(err)
			}
			for _, order := range test.jobs {
				if _, err := db.Exec("INSERT INTO jobs VALUES ($1)", order); err != nil {
					t.Fatal(err)
				}
			}
			w := &theatre.ledger.queue
			for _, order := range test.commits {
				theatre.ledger.step(w, events.Step{Subject: order, Outcome: events.Handled})
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
