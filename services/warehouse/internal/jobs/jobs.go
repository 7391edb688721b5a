// Package jobs is the warehouse's table of jobs, in SQLite or PostgreSQL. A job is added in the same transaction as
// the idempotency record of its message.
package jobs

import (
	"context"
	"fmt"

	"example.com/troupe/services/kit/inbox/sqlstore"
	"example.com/troupe/services/warehouse/internal/dock"
)

// Schema is the application's own part of the database.
const Schema = `CREATE TABLE jobs (
	order_id      TEXT PRIMARY KEY,
	shipment_id   TEXT NOT NULL,
	carrier       TEXT NOT NULL,
	tracking      TEXT NOT NULL,
	pieces        INTEGER NOT NULL,
	dispatched_at TEXT NOT NULL
)`

// Table is the table of jobs.
type Table struct{}

// Add adds a job within the current unit of work, unless its order has one.
func (Table) Add(ctx context.Context, job dock.Job) (added bool, err error) {
	const insert = `INSERT INTO jobs (order_id, shipment_id, carrier, tracking, pieces, dispatched_at)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (order_id) DO NOTHING`
	result, err := sqlstore.From(ctx).ExecContext(ctx, insert,
		job.OrderID, job.ShipmentID, job.Carrier, job.Tracking, job.Pieces,
		job.DispatchedAt.UTC().Format("2006-01-02T15:04:05.000Z"))
	if err != nil {
		return false, fmt.Errorf("add job of order %s: %w", job.OrderID, err)
	}
	rows, err := result.RowsAffected()
	return rows == 1, err
}
