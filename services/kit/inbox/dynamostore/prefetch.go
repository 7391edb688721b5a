package dynamostore

import (
	"context"
	"fmt"
	"slices"

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

// Share moves items to a store for one unit of work. Whoever comes second reads for itself: it
// must see what the first changes.
func (p prefetched) Share(record string, documents []string) inbox.Prefetched {
	keys := []string{recordKey(record)}
	for _, key := range documents {
		keys = append(keys, documentKey(key))
	}
	mine := items{}
	for _, key := range keys {
		if found, known := p.ahead.take(key); known {
			mine[key] = found
		}
	}
	return prefetched{&Store{api: p.api, table: p.table, ahead: mine}, p.fresh}
}

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
	ahead := items{}
	if err := s.getAll(ctx, keys[:min(len(keys), maxKeys)], ahead); err != nil {
		return nil, fmt.Errorf("prefetch from table %s: %w", s.table, err)
	}
	return prefetched{&Store{api: s.api, table: s.table, ahead: ahead}, s}, nil
}

// getAll reads items. What DynamoDB leaves out, because of its size or a throttle, is left out.
func (s *Store) getAll(ctx context.Context, keys []string, into items) error {
	ask := types.KeysAndAttributes{ConsistentRead: new(true)}
	for _, key := range keys {
		ask.Keys = append(ask.Keys, item{KeyAttribute: str(key)})
		into[key] = nil
	}
	out, err := s.api.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{s.table: ask}})
	if err != nil {
		return err
	}
	for _, found := range out.Responses[s.table] {
		into[text(found, KeyAttribute)] = found
	}
	for _, left := range out.UnprocessedKeys[s.table].Keys {
		delete(into, text(left, KeyAttribute))
	}
	return nil
}

// items holds what was read ahead, by key; nil for items that don't exist. One unit of work uses
// it, one read after the other.
type items map[string]item

func (i items) has(key string) bool {
	_, known := i[key]
	return known
}

// take returns an item once.
func (i items) take(key string) (found item, known bool) {
	found, known = i[key]
	delete(i, key)
	return found, known
}
