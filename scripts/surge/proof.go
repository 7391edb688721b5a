package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	_ "modernc.org/sqlite" // the databases of both warehouses

	"example.com/troupe/scripts/internal/surge"
)

// outcome holds the orders that were published against the jobs in a world's database.
func (t *theatre) outcome(ctx context.Context, world string, w *world, ended time.Time) (surge.Outcome, error) {
	jobs, err := readJobs(ctx, t.database(world))
	if err != nil {
		return surge.Outcome{}, fmt.Errorf("read the jobs of the warehouse behind the %s: %w", world, err)
	}
	t.ledger.mu.Lock()
	defer t.ledger.mu.Unlock()
	o := surge.Outcome{Published: len(t.ledger.index), Repeated: w.repeated, DrainSeconds: max(0, w.last.Sub(ended).Seconds())}
	for order, turn := range t.ledger.index {
		if jobs[order] {
			o.Completed++
		} else {
			o.Lost++
		}
		o.Twice += max(0, w.commits[turn]-1)
		delete(jobs, order)
	}
	if len(jobs) > 0 {
		return o, fmt.Errorf("the warehouse behind the %s has %d jobs that nobody asked for", world, len(jobs))
	}
	return o, nil
}

// readJobs returns the orders that have a job.
func readJobs(ctx context.Context, file string) (_ map[string]bool, err error) {
	db, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := db.QueryContext(ctx, "SELECT order_id FROM jobs")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	jobs := map[string]bool{}
	for rows.Next() {
		var order string
		if err := rows.Scan(&order); err != nil {
			return nil, err
		}
		jobs[order] = true
	}
	return jobs, rows.Err()
}
