package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"example.com/troupe/services/kit/eventing"
)

// enter replaces a document's entries. The document's row is locked, so nobody else does.
func (s *Store) enter(ctx context.Context, tx *sql.Tx, change eventing.Change) error {
	if change.Version > 0 {
		if _, err := tx.ExecContext(ctx, `DELETE FROM inbox_indexes WHERE id = $1`, change.Key); err != nil {
			return fmt.Errorf("remove its entries: %w", err)
		}
	}
	for _, entry := range change.Entries {
		_, err := tx.ExecContext(ctx, `INSERT INTO inbox_indexes (id, name, value, position) VALUES ($1, $2, $3, $4)`,
			change.Key, s.indexName(entry.Index), entry.Value, []byte(entry.Position))
		if err != nil {
			return fmt.Errorf("write its entry in the index %s: %w", entry.Index, err)
		}
	}
	return nil
}

// Search reads one document more than the limit, to know whether there are more.
func (s state) Search(ctx context.Context, search eventing.Search) (found []eventing.Found, more bool, err error) {
	query := `SELECT e.id, e.position, d.version, d.body FROM inbox_indexes e JOIN inbox_documents d ON d.id = e.id WHERE e.name = $1 AND e.value = $2`
	args := []any{s.store.indexName(search.Index), search.Value}
	after, order := ">", "ASC"
	if search.Down {
		after, order = "<", "DESC"
	}
	if search.After != "" {
		query += ` AND e.position ` + after + ` $3`
		args = append(args, []byte(search.After))
	}
	args = append(args, search.Limit+1)
	query += fmt.Sprintf(` ORDER BY e.position %s LIMIT $%d`, order, len(args))
	if found, err = s.rows(ctx, query, args); err != nil {
		return nil, false, fmt.Errorf("read index %s: %w", search.Index, err)
	}
	if len(found) > search.Limit {
		return found[:search.Limit], true, nil
	}
	return found, false, nil
}

func (s state) rows(ctx context.Context, query string, args []any) (found []eventing.Found, err error) {
	rows, err := s.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var f eventing.Found
		var position []byte
		if err := rows.Scan(&f.Key, &position, &f.Version, &f.Body); err != nil {
			return nil, err
		}
		f.Position = string(position)
		found = append(found, f)
	}
	return found, rows.Err()
}
