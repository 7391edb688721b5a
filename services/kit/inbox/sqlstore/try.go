package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
)

// sweep is how many expired records a unit of work deletes: more than it adds.
const sweep = 2

// Try runs the work in a transaction that begins with its record, and commits both.
func (s *Store) Try(ctx context.Context, key string, work eventing.Work) (commit eventing.Commit, err error) {
	err = s.transact(ctx, func(ctx context.Context, tx *sql.Tx) error {
		if err := claim(ctx, tx, s.recordID(key)); err != nil {
			return err
		}
		if commit, err = work.Run(context.WithValue(ctx, transactionKey{}, tx), s.state(tx)); err != nil {
			return err
		}
		return s.write(ctx, tx, key, commit)
	})
	switch {
	case err == nil:
		return commit, nil
	case ctx.Err() != nil:
		err = fmt.Errorf("unit of work %s: %w", key, ctx.Err())
	case s.dialect.conflict(err):
		err = fmt.Errorf("unit of work %s: %w: %w", key, inbox.ErrConflict, err)
	}
	return eventing.Commit{}, err
}

// claim inserts the record, still empty. Where another running transaction has inserted
// it, the database waits for that one to end.
func claim(ctx context.Context, tx *sql.Tx, id string) error {
	expires := time.Now().Add(inbox.Retention).Unix()
	return expect(inbox.ErrDuplicate)(tx.ExecContext(ctx,
		`INSERT INTO inbox_records (id, record, expires) VALUES ($1, '', $2) ON CONFLICT (id) DO NOTHING`, id, expires))
}

// write checks and saves the documents and completes the record. It takes the documents in
// the order of their keys, so that units of work that collide don't deadlock.
func (s *Store) write(ctx context.Context, tx *sql.Tx, key string, commit eventing.Commit) error {
	byKey := func(a, b eventing.Change) int { return cmp.Compare(a.Key, b.Key) }
	for _, change := range slices.SortedFunc(slices.Values(commit.Changes), byKey) {
		err := s.settle(ctx, tx, change)
		if err == nil && change.Entries != nil {
			err = s.enter(ctx, tx, change)
		}
		if err != nil {
			return fmt.Errorf("document %s at version %d: %w", change.Key, change.Version, err)
		}
	}
	record, err := json.Marshal(commit.Record)
	if err != nil {
		return fmt.Errorf("encode record %s: %w", key, err)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE inbox_records SET record = $2 WHERE id = $1`, s.recordID(key), string(record)); err != nil {
		return fmt.Errorf("write record %s: %w", key, err)
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM inbox_records WHERE id IN
		(SELECT id FROM inbox_records WHERE expires < $1 ORDER BY expires LIMIT $2`+s.dialect.skipLocked+`)`, time.Now().Unix(), sweep)
	if err != nil {
		return fmt.Errorf("delete expired records: %w", err)
	}
	return nil
}

// settle writes or checks one document, and locks it until the commit.
func (s *Store) settle(ctx context.Context, tx *sql.Tx, change eventing.Change) error {
	const insert = `INSERT INTO inbox_documents (id, version, body) VALUES ($1, 1, $2) ON CONFLICT (id) DO NOTHING`
	conflict := expect(inbox.ErrConflict)
	switch {
	case change.Body != nil && change.Version == 0:
		return conflict(tx.ExecContext(ctx, insert, change.Key, string(change.Body)))
	case change.Body != nil:
		return conflict(tx.ExecContext(ctx, `UPDATE inbox_documents SET version = version + 1, body = $3 WHERE id = $1 AND version = $2`,
			change.Key, change.Version, string(change.Body)))
	case change.Version == 0: // there is no row to lock: insert one and delete it again
		if err := conflict(tx.ExecContext(ctx, insert, change.Key, "")); err != nil {
			return err
		}
		return conflict(tx.ExecContext(ctx, `DELETE FROM inbox_documents WHERE id = $1`, change.Key))
	}
	var one int
	err := tx.QueryRowContext(ctx, `SELECT 1 FROM inbox_documents WHERE id = $1 AND version = $2`+s.dialect.forShare, change.Key, change.Version).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return inbox.ErrConflict
	}
	return err
}

// expect returns a function that checks that a statement changed one row, and returns the
// failure if it did not.
func expect(failure error) func(sql.Result, error) error {
	return func(result sql.Result, err error) error {
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n != 1 {
			return cmp.Or(err, failure)
		}
		return nil
	}
}
