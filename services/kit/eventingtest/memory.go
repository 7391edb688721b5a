package eventingtest

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"example.com/troupe/services/kit/inbox"
)

// Memory is a driver of the inbox that forgets everything with its process.
type Memory struct {
	mu        sync.Mutex
	documents map[string]document
	records   map[string]inbox.Record
}

type document struct {
	body    []byte
	version int64
}

// NewMemory returns an empty driver.
func NewMemory() *Memory {
	return &Memory{documents: map[string]document{}, records: map[string]inbox.Record{}}
}

// Read returns a document.
func (m *Memory) Read(ctx context.Context, key string) ([]byte, int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	doc := m.documents[key]
	return slices.Clone(doc.body), doc.version, ctx.Err()
}

// Find returns the record of a unit of work, or nil.
func (m *Memory) Find(ctx context.Context, key string) (*inbox.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if record, found := m.records[key]; found {
		return &record, ctx.Err()
	}
	return nil, ctx.Err()
}

// ReadAhead reads records and documents under one lock.
func (m *Memory) ReadAhead(ctx context.Context, units []inbox.Expected) ([]inbox.Ahead, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	aheads, taken := make([]inbox.Ahead, len(units)), map[string]bool{}
	for i, unit := range units {
		aheads[i] = inbox.Ahead{Known: true, Documents: map[string]inbox.Document{}}
		if record, found := m.records[unit.Key]; found {
			aheads[i].Record = &record
		}
		for _, key := range unit.Documents {
			if doc := m.documents[key]; !taken[key] {
				aheads[i].Documents[key] = inbox.Document{Body: slices.Clone(doc.body), Version: doc.version}
				taken[key] = true
			}
		}
	}
	return aheads, ctx.Err()
}

// Try runs the work without a lock and commits it under one.
func (m *Memory) Try(ctx context.Context, key string, work inbox.Work) error {
	commit, err := work(ctx, m)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	return m.commit(key, commit)
}

func (m *Memory) commit(key string, commit inbox.Commit) error {
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
			m.documents[change.Key] = document{body: change.Body, version: change.Version + 1}
		}
	}
	m.records[key] = commit.Record
	return nil
}

// Close does nothing: there is nothing to let go of.
func (m *Memory) Close() error { return nil }
