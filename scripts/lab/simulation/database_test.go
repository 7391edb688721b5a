package simulation

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/host"
	"example.com/troupe/services/kit/inbox"
	warehouse "example.com/troupe/services/warehouse/wiring"
)

// database is the warehouse's SQLite file, which outlives its processes.
type database struct {
	wire   func(*host.Runtime) error
	driver inbox.Driver
	reader *sql.DB
}

func openDatabase(t *testing.T, w *world) (*database, error) {
	folder, err := os.MkdirTemp(fastFolder(), "simulation")
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	path := filepath.Join(folder, "warehouse.db")
	driver, err := warehouse.Open(t.Context(), "sqlite://"+path)
	if err != nil {
		return nil, err
	}
	reader, err := sql.Open("sqlite", path)
	return &database{wire: warehouse.Wire, driver: driver, reader: reader}, err
}

// fastFolder is where files are kept in memory, where the machine has such a place.
func fastFolder() string {
	if _, err := os.Stat("/dev/shm"); err == nil {
		return "/dev/shm"
	}
	return ""
}

func (d *database) close() error { return errors.Join(d.driver.Close(), d.reader.Close()) }

// shipments returns how many jobs each order has.
func (d *database) shipments(ctx context.Context) (map[string]int, error) {
	rows, err := d.reader.QueryContext(ctx, "SELECT order_id, count(*) FROM jobs GROUP BY order_id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	shipments := map[string]int{}
	for rows.Next() {
		var id string
		var n int
		if err := rows.Scan(&id, &n); err != nil {
			return nil, err
		}
		shipments[id] = n
	}
	return shipments, rows.Err()
}

// store is the warehouse's database as one instance reaches it.
type store struct {
	inbox.Driver
	world *world
	from  *instance
}

// Find looks a record up when it is its turn.
func (s *store) Find(ctx context.Context, key string) (record *eventing.Record, err error) {
	err = s.world.call(ctx, s.from, "SQL find", key, func() error {
		record, err = s.Driver.Find(ctx, key)
		return err
	})
	return record, err
}

// Try runs a transaction when it is its turn.
func (s *store) Try(ctx context.Context, key string, work eventing.Work) (commit eventing.Commit, err error) {
	err = s.world.call(ctx, s.from, "SQL transaction", key, func() error {
		commit, err = s.Driver.Try(ctx, key, work)
		return err
	})
	return commit, err
}

// Close leaves the database open for the instances to come.
func (s *store) Close() error { return nil }
