package eventingtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
)

// Memory is a driver of the inbox that keeps everything in memory.
type Memory struct {
	mu        sync.Mutex
	documents map[string]document
	records   map[string]eventing.Record
}

type document struct {
	body    []byte
	version int64
	entries []eventing.Entry
}

// NewMemory returns an empty driver.
func NewMemory() *Memory {
	return &Memory{documents: map[string]document{}, records: map[string]eventing.Record{}}
}

// Read returns a document.
func (m *Memory) Read(ctx context.Context, key string) ([]byte, int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	doc := m.documents[key]
	return slices.Clone(doc.body), doc.version, ctx.Err()
}

// Search returns documents by their entries in an index.
func (m *Memory) Search(ctx context.Context, s eventing.Search) (found []eventing.Found, more bool, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for key, doc := range m.documents {
		for _, e := range doc.entries {
			after := s.After == "" || s.Down && e.Position < s.After || !s.Down && e.Position > s.After
			if e.Index == s.Index && e.Value == s.Value && after {
				found = append(found, eventing.Found{Key: key, Position: e.Position, Version: doc.version, Body: slices.Clone(doc.body)})
			}
		}
	}
	slices.SortFunc(found, func(a, b eventing.Found) int {
		if s.Down {
			a, b = b, a
		}
		return strings.Compare(a.Position, b.Position)
	})
	if len(found) > s.Limit {
		return found[:s.Limit], true, ctx.Err()
	}
	return found, false, ctx.Err()
}

// Find returns the record of a unit of work, or nil.
func (m *Memory) Find(ctx context.Context, key string) (*eventing.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if record, found := m.records[key]; found {
		return &record, ctx.Err()
	}
	return nil, ctx.Err()
}

// Try runs the work without a lock and commits it under one.
func (m *Memory) Try(ctx context.Context, key string, work eventing.Work) (eventing.Commit, error) {
	commit, err := work.Run(ctx, m)
	if err != nil {
		return eventing.Commit{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return eventing.Commit{}, err
	}
	return commit, m.commit(key, commit)
}

func (m *Memory) commit(key string, commit eventing.Commit) error {
	if _, found := m.records[key]; found {
		return fmt.Errorf("commit %s: %w", key, inbox.ErrDuplicate)
	}
	for _, change := range commit.Changes {
		if m.documents[change.Key].version != change.Version {
			return fmt.Errorf("commit %s at version %d: %w", change.Key, change.Version, inbox.ErrConflict)
		}
	}
	for _, change := range commit.Changes {
		if change.Body != nil {
			m.documents[change.Key] = document{body: change.Body, version: change.Version + 1, entries: change.Entries}
		}
	}
	m.records[key] = commit.Record
	return nil
}

// Close does nothing.
func (m *Memory) Close() error { return nil }
