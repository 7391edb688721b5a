package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"example.com/troupe/services/kit/inbox"
)

// Store is a driver of the inbox over a database, which may hold the service's own tables
// too.
type Store struct {
	db      *sql.DB
	service string
	dialect dialect
	turns   chan struct{} // one for each running transaction
}

// connectTime bounds the first connection: a server that accepts and never answers must not
// keep a service from saying so.
const connectTime = 30 * time.Second

// Open opens a service's database at a URL and creates the inbox's tables where they are
// missing: sqlite:///path/to/file.db in a folder that exists, or
// postgres://user:password@host:5432/database. Close it.
func Open(ctx context.Context, rawURL, service string) (*Store, error) {
	dialect, dsn, err := parse(rawURL)
	if err != nil {
		return nil, err
	}
	db, err := sql.Open(dialect.driver, dsn)
	if err != nil {
		return nil, fmt.Errorf("open the %s database: %w", dialect.name, err)
	}
	db.SetMaxOpenConns(dialect.connections)
	db.SetMaxIdleConns(dialect.connections)
	s := &Store{db: db, service: service, dialect: dialect, turns: make(chan struct{}, dialect.writers)}
	if err := s.migrate(ctx, "inbox", tables); err != nil {
		return nil, errors.Join(fmt.Errorf("open the %s database: %w", dialect.name, err), db.Close())
	}
	return s, nil
}

// Opener returns a function for host.WithStore that opens a service's database and creates
// the service's own tables in it. See Migrate for the statements.
func Opener(statements ...string) func(ctx context.Context, url, service string) (inbox.Driver, error) {
	return func(ctx context.Context, url, service string) (inbox.Driver, error) {
		s, err := Open(ctx, url, service)
		if err != nil {
			return nil, err
		}
		if err := s.Migrate(ctx, statements...); err != nil {
			return nil, errors.Join(err, s.Close())
		}
		return s, nil
	}
}

func (s *Store) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, connectTime)
	defer cancel()
	return s.db.PingContext(ctx)
}

// recordID returns the id of a unit of work's record. Several services may share a database,
// and each of them handles an event once.
func (s *Store) recordID(key string) string { return s.service + "/" + key }

// indexName returns the name of an index in the database. Several services may share one.
func (s *Store) indexName(name string) string { return s.service + "/" + name }

// Close waits for running queries and closes the database.
func (s *Store) Close() error { return s.db.Close() }

// transact runs a function in a transaction, and commits it unless there is an error.
func (s *Store) transact(ctx context.Context, run func(context.Context, *sql.Tx) error) (err error) {
	select {
	case s.turns <- struct{}{}:
		defer func() { <-s.turns }()
	case <-ctx.Done():
		return ctx.Err()
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if err := run(ctx, tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}
