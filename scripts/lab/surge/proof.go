package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path"
	"time"

	_ "modernc.org/sqlite" // for the databases of both worlds

	"example.com/troupe/scripts/internal/surge"
)

// outcome counts what happened to the events in a world: by the service's steps and, if it has a database, by the
// records in it.
func (t *theatre) outcome(ctx context.Context, world string, w *world, ended time.Time) (o surge.Outcome, err error) {
	var records map[string]bool
	if t.about.sql() {
		if records, err = readRecords(ctx, t.database(world)); err != nil {
			return o, fmt.Errorf("read the records of %s behind the %s: %w", t.about.service.Name, world, err)
		}
	}
	t.ledger.mu.Lock()
	defer t.ledger.mu.Unlock()
	o = surge.Outcome{Published: len(t.ledger.index), Repeated: w.repeated, DrainSeconds: max(0, w.last.Sub(ended).Seconds())}
	for id, turn := range t.ledger.index {
		done := w.done[turn]
		if records != nil {
			done = records[id]
			delete(records, id)
		}
		if done {
			o.Completed++
		} else {
			o.Lost++
		}
		o.Twice += max(0, w.commits[turn]-1)
	}
	if len(records) > 0 {
		return o, fmt.Errorf("%s behind the %s has %d records of events that were not published", t.about.service.Name, world, len(records))
	}
	return o, nil
}

// readRecords returns the IDs of the handled events: the inbox (services/kit/inbox) keeps a record of each, whose ID
// ends with the event's.
func readRecords(ctx context.Context, file string) (_ map[string]bool, err error) {
	db, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := db.QueryContext(ctx, "SELECT id FROM inbox_records")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	records := map[string]bool{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		records[path.Base(id)] = true
	}
	return records, rows.Err()
}
