package sqlstore

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"example.com/troupe/services/kit/inbox"
)

// tables are the inbox's own, in SQL that both databases understand.
var tables = []string{
	`CREATE TABLE inbox_documents (id TEXT PRIMARY KEY, version BIGINT NOT NULL, body TEXT NOT NULL)`,
	`CREATE TABLE inbox_records (id TEXT PRIMARY KEY, record TEXT NOT NULL, expires BIGINT NOT NULL)`,
	`CREATE INDEX inbox_records_by_expires ON inbox_records (expires)`,
	// Earlier versions kept records and statements of one service without its name, $1.
	`UPDATE inbox_records SET id = CAST($1 AS TEXT) || '/' || id`,
	`UPDATE inbox_migrations SET owner = 'service/' || CAST($1 AS TEXT) WHERE owner = 'service'`,
	// A position is bytes, so that both databases compare it as such, in whatever language they sort.
	`CREATE TABLE inbox_indexes (id TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, position BYTEA NOT NULL, PRIMARY KEY (id, name))`,
	`CREATE INDEX inbox_indexes_by_value ON inbox_indexes (name, value, position)`,
}

const migrations = `CREATE TABLE IF NOT EXISTS inbox_migrations
	(owner TEXT NOT NULL, position BIGINT NOT NULL, statement TEXT NOT NULL, PRIMARY KEY (owner, position))`

// MigrationError means that a statement was changed after a database had run it.
type MigrationError struct {
	Position int // counted from 1
	Was, Is  string
}

func (e *MigrationError) Error() string {
	return fmt.Sprintf("statement %d is\n\t%s\nbut the database has run\n\t%s\nthere: leave it as it was and add another at the end", e.Position, e.Is, e.Was)
}

// Migrate runs those of a service's statements that this database has not run yet, in
// order, all or none. Any number of workers may call it at once. Each string is one
// statement; later versions of the service append to the list. A changed statement is a
// *MigrationError.
func (s *Store) Migrate(ctx context.Context, statements ...string) error {
	return s.migrate(ctx, "service/"+s.service, statements)
}

// migrate connects, and tries again when it collides with another worker: while one switches
// on an empty file's write-ahead log, SQLite refuses the others at once, whatever busy_timeout
// says, and even to connect.
func (s *Store) migrate(ctx context.Context, owner string, statements []string) error {
	worker := rand.Text() // so that workers pause for different times
	var busy error
	for attempt := range inbox.MaxAttempts {
		if err := inbox.Pause(ctx, worker, attempt); err != nil {
			return errors.Join(err, busy)
		}
		if busy = s.migrateOnce(ctx, owner, statements); busy == nil || !s.dialect.conflict(busy) {
			return busy
		}
	}
	return busy
}

func (s *Store) migrateOnce(ctx context.Context, owner string, statements []string) error {
	if err := s.ping(ctx); err != nil {
		return err
	}
	return s.transact(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, statement := range []string{s.dialect.lock, migrations} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("prepare to migrate: %w", err)
			}
		}
		for i, statement := range statements {
			if err := s.apply(ctx, tx, owner, i+1, statement); err != nil {
				return fmt.Errorf("migrate: %w", err)
			}
		}
		return nil
	})
}

func (s *Store) apply(ctx context.Context, tx *sql.Tx, owner string, position int, statement string) error {
	var was string
	err := tx.QueryRowContext(ctx, `SELECT statement FROM inbox_migrations WHERE owner = $1 AND position = $2`, owner, position).Scan(&was)
	switch {
	case err == nil && was != statement:
		return &MigrationError{Position: position, Was: was, Is: statement}
	case err == nil:
		return nil
	case !errors.Is(err, sql.ErrNoRows):
		return err
	}
	var args []any
	if owner == "inbox" && strings.Contains(statement, "$1") {
		args = append(args, s.service)
	}
	if _, err := tx.ExecContext(ctx, statement, args...); err != nil {
		return fmt.Errorf("statement %d: %w", position, err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO inbox_migrations (owner, position, statement) VALUES ($1, $2, $3)`, owner, position, statement)
	return err
}
