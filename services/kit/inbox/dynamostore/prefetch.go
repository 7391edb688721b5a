package dynamostore

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"example.com/troupe/services/kit/inbox"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// maxKeys is how many items a BatchGetItem reads at most (DynamoDB API reference).
const maxKeys = 100

// prefetched is a store that has read items ahead.
type prefetched struct {
	*Store
	fresh *Store
}

// Fresh returns the store without what was read ahead.
func (p prefetched) Fresh() inbox.Driver { return p.fresh }

// Prefetch reads records and documents with one call: as many as one call reads. Each item
// costs what it costs when it is read alone.
func (s *Store) Prefetch(ctx context.Context, records, documents []string) (inbox.Prefetched, error) {
	var keys []string
	for _, key := range records {
		keys = append(keys, recordKey(key))
	}
	for _, key := range documents {
		keys = append(keys, documentKey(key))
	}
	slices.Sort(keys) // a simulated run can be repeated exactly
	keys = slices.Compact(keys)
	ahead := &items{}
	if err := s.getAll(ctx, keys[:min(len(keys), maxKeys)], ahead); err != nil {
		return nil, fmt.Errorf("prefetch from table %s: %w", s.table, err)
	}
	return prefetched{&Store{api: s.api, table: s.table, ahead: ahead}, s}, nil
}

// getAll reads items. What DynamoDB leaves out, because of its size or a throttle, is left out.
func (s *Store) getAll(ctx context.Context, keys []string, into *items) error {
	ask := types.KeysAndAttributes{ConsistentRead: new(true)}
	into.byKey = map[string]item{}
	for _, key := range keys {
		ask.Keys = append(ask.Keys, item{KeyAttribute: str(key)})
		into.byKey[key] = nil
	}
	out, err := s.api.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{s.table: ask}})
	if err != nil {
		return err
	}
	for _, found := range out.Responses[s.table] {
		into.byKey[text(found, KeyAttribute)] = found
	}
	for _, left := range out.UnprocessedKeys[s.table].Keys {
		delete(into.byKey, text(left, KeyAttribute))
	}
	return nil
}

// items holds what was read ahead, by key; nil for items that don't exist.
type items struct {
	mu    sync.Mutex
	byKey map[string]item
}

// take returns an item once: whoever reads it a second time must see what the first reader has
// changed meanwhile.
func (i *items) take(key string) (found item, known bool) {
	if i == nil {
		return nil, false
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	found, known = i.byKey[key]
	delete(i.byKey, key)
	return found, known
}
