package sqlstore

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"

	"example.com/troupe/services/kit/inbox"
)

// tables are the inbox's own. The SQL is what both databases understand.
var tables = []string{
	`CREATE TABLE inbox_documents (id TEXT PRIMARY KEY, version BIGINT NOT NULL, body TEXT NOT NULL)`,
	`CREATE TABLE inbox_records (id TEXT PRIMARY KEY, record TEXT NOT NULL, expires BIGINT NOT NULL)`,
	`CREATE INDEX inbox_records_by_expires ON inbox_records (expires)`,
}

const migrations = `CREATE TABLE IF NOT EXISTS inbox_migrations
	(owner TEXT NOT NULL, position BIGINT NOT NULL, statement TEXT NOT NULL, PRIMARY KEY (owner, position))`

// MigrationError says that a statement is not the one that was run at its place.
type MigrationError struct {
	Position int // counted from 1
	Was, Is  string
}

func (e *MigrationError) Error() string {
	return fmt.Sprintf("statement %d is\n\t%s\nbut the database has run\n\t%s\nthere: leave it as it was and add another at the end", e.Position, e.Is, e.Was)
}

// Migrate runs those of a service's statements that this database has not seen, in
// their order, all or none; any number of workers may call it at once. Later versions
// of the service append to the list. Each string is one statement. A changed one is a
// *MigrationError.
func (s *Store) Migrate(ctx context.Context, statements ...string) error {
	return s.migrate(ctx, "service", statements)
}

// migrate tries again where it meets another: SQLite refuses at once, busy_timeout or not, whoever
// comes while the first one turns an empty file's write-ahead log on.
func (s *Store) migrate(ctx context.Context, owner string, statements []string) error {
	worker := rand.Text() // its pauses are not those of the others
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
	return s.transact(ctx, func(ctx context.Context, tx *sql.Tx) error {
		for _, statement := range []string{s.dialect.lock, migrations} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("prepare to migrate: %w", err)
			}
		}
		for i, statement := range statements {
			if err := apply(ctx, tx, owner, i+1, statement); err != nil {
				return fmt.Errorf("migrate: %w", err)
			}
		}
		return nil
	})
}

func apply(ctx context.Context, tx *sql.Tx, owner string, position int, statement string) error {
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
	if _, err := tx.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("statement %d: %w", position, err)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO inbox_migrations (owner, position, statement) VALUES ($1, $2, $3)`, owner, position, statement)
	return err
}
