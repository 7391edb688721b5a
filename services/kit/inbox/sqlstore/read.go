package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"example.com/troupe/services/kit/eventing"
)

// Read returns a document as it is committed.
func (s *Store) Read(ctx context.Context, key string) ([]byte, int64, error) {
	return s.state(s.db).Read(ctx, key)
}

// Search returns documents by their entries in an index, as committed.
func (s *Store) Search(ctx context.Context, search eventing.Search) ([]eventing.Found, bool, error) {
	return s.state(s.db).Search(ctx, search)
}

// Find returns the record of a unit of work, or nil. An expired record counts until it is
// deleted: remembering for too long does no harm.
func (s *Store) Find(ctx context.Context, key string) (*eventing.Record, error) {
	var text string
	err := s.db.QueryRowContext(ctx, `SELECT record FROM inbox_records WHERE id = $1`, s.recordID(key)).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read record %s: %w", key, err)
	}
	var record eventing.Record
	if err := json.Unmarshal([]byte(text), &record); err != nil {
		return nil, fmt.Errorf("decode record %s: %w", key, err)
	}
	return &record, nil
}

// state reads documents through a connection or a transaction.
type state struct {
	Querier
	store *Store
}

func (s *Store) state(through Querier) state { return state{through, s} }

func (s state) Read(ctx context.Context, key string) (body []byte, version int64, err error) {
	err = s.QueryRowContext(ctx, `SELECT body, version FROM inbox_documents WHERE id = $1`, key).Scan(&body, &version)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, fmt.Errorf("read document %s: %w", key, err)
	}
	return body, version, nil
}
