package simulation

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
)

// database is a service's SQLite file, which outlives its instances.
type database struct {
	driver inbox.Driver
	reader *sql.DB
}

func openDatabase(t *testing.T, p *program) (*database, error) {
	folder, err := os.MkdirTemp(fastFolder(), "simulation")
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	path := filepath.Join(folder, p.Name+".db")
	driver, err := p.open(t.Context(), "sqlite://"+path, p.Name)
	if err != nil {
		return nil, err
	}
	reader, err := sql.Open("sqlite", path)
	return &database{driver, reader}, err
}

// fastFolder returns a folder in memory, if the machine has one.
func fastFolder() string {
	if _, err := os.Stat("/dev/shm"); err == nil {
		return "/dev/shm"
	}
	return ""
}

func (d *database) close() error { return errors.Join(d.driver.Close(), d.reader.Close()) }

// What a store over SQL is called for.
const (
	sqlFind        = "SQL find"
	sqlTransaction = "SQL transaction"
)

// store is a database as one instance reaches it.
type store struct {
	inbox.Driver
	world *world
	from  *instance
}

// Find looks up a record when it is its turn.
func (s *store) Find(ctx context.Context, key string) (record *eventing.Record, err error) {
	err = s.world.call(ctx, s.from, sqlFind, key, func() error {
		record, err = s.Driver.Find(ctx, key)
		return err
	})
	return record, err
}

// Try runs a transaction when it is its turn.
func (s *store) Try(ctx context.Context, key string, work eventing.Work) (commit eventing.Commit, err error) {
	err = s.world.call(ctx, s.from, sqlTransaction, key, func() error {
		commit, err = s.Driver.Try(ctx, key, work)
		return err
	})
	return commit, err
}

// Close leaves the database open for later instances.
func (s *store) Close() error { return nil }
