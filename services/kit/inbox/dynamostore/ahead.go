package dynamostore

import (
	"context"
	"fmt"
	"slices"

	"example.com/troupe/services/kit/inbox"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// maxKeys is how many items a BatchGetItem asks for at most (DynamoDB API reference).
const maxKeys = 100

// ReadAhead reads records and documents with as few calls as DynamoDB takes. Each item costs what
// it costs when it is read alone.
func (s *Store) ReadAhead(ctx context.Context, units []inbox.Expected) ([]inbox.Ahead, error) {
	var keys []string
	for _, unit := range units {
		keys = append(keys, recordKey(unit.Key))
		for _, document := range unit.Documents {
			keys = append(keys, documentKey(document))
		}
	}
	slices.Sort(keys)
	found := shelf{}
	for some := range slices.Chunk(slices.Compact(keys), maxKeys) {
		if err := s.getAll(ctx, some, found); err != nil {
			return nil, err
		}
	}
	aheads := make([]inbox.Ahead, len(units))
	for i, unit := range units {
		var err error
		if aheads[i], err = s.ahead(unit, found); err != nil {
			return nil, err
		}
	}
	return aheads, nil
}

// getAll reads items. What DynamoDB leaves out, for its size or because it is too busy, is left
// out here.
func (s *Store) getAll(ctx context.Context, keys []string, into shelf) error {
	ask := types.KeysAndAttributes{ConsistentRead: new(true)}
	for _, key := range keys {
		ask.Keys = append(ask.Keys, item{KeyAttribute: str(key)})
		into[key] = nil
	}
	out, err := s.api.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{s.table: ask}})
	if err != nil {
		return fmt.Errorf("read %d items of table %s: %w", len(keys), s.table, err)
	}
	for _, found := range out.Responses[s.table] {
		into[text(found, KeyAttribute)] = found
	}
	for _, left := range out.UnprocessedKeys[s.table].Keys {
		delete(into, text(left, KeyAttribute))
	}
	return nil
}

// shelf is what was read, by key; nil where there is no such item.
type shelf map[string]item

// take takes an item off the shelf: the first unit that expects it gets it.
func (s shelf) take(key string) (found item, known bool) {
	found, known = s[key]
	delete(s, key)
	return found, known
}

// ahead takes what a unit expects off the shelf.
func (s *Store) ahead(unit inbox.Expected, from shelf) (ahead inbox.Ahead, err error) {
	found, known := from.take(recordKey(unit.Key))
	if ahead.Known = known; known {
		if ahead.Record, err = s.record(unit.Key, found); err != nil {
			return ahead, err
		}
	}
	ahead.Documents = map[string]inbox.Document{}
	for _, key := range unit.Documents {
		if found, known := from.take(documentKey(key)); known {
			body, version, err := s.document(key, found)
			if err != nil {
				return ahead, err
			}
			ahead.Documents[key] = inbox.Document{Body: body, Version: version}
		}
	}
	return ahead, nil
}
