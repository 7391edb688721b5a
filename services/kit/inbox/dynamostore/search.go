package dynamostore

import (
	"context"
	"fmt"
	"strconv"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// A document's entries are attributes of its own item, and each index of service.json is a global secondary
// index over two of them, of which it holds only the keys. So an entry takes no action of the transaction,
// can't differ from its document, and goes when the document is put without it; and saving a document whose
// entries stay as they are writes nothing to the index ("Global secondary indexes: write considerations", developer
// guide). Entries as items of their own would need one index for all names, but two write units each for their part
// of the transaction, and as much again when they are removed.

// IndexName returns the name of the global secondary index that is the index name of service.json.
func IndexName(name string) string { return "by-" + name }

// ValueAttribute returns the attribute that is the partition key of an index.
func ValueAttribute(name string) string { return "by-" + name }

// OrderAttribute returns the attribute that is the sort key of an index.
func OrderAttribute(name string) string { return "order-" + name }

// Search asks the index, which follows the table within about a second, and reads the documents
// consistently. Those that have another entry by now are out of date.
func (s *Store) Search(ctx context.Context, search eventing.Search) ([]eventing.Found, bool, error) {
	if len(search.Value) > maxKey {
		return nil, false, ctx.Err()
	}
	entries, err := s.entries(ctx, search)
	if err != nil {
		return nil, false, fmt.Errorf("query index %s of table %s: %w", IndexName(search.Index), s.table, err)
	}
	more := len(entries) > search.Limit
	entries = entries[:min(len(entries), search.Limit)]
	documents, err := s.every(ctx, entries)
	if err != nil {
		return nil, false, fmt.Errorf("read what index %s of table %s has found: %w", IndexName(search.Index), s.table, err)
	}
	found := make([]eventing.Found, len(entries))
	for i, entry := range entries {
		pk, position := text(entry, KeyAttribute), text(entry, OrderAttribute(search.Index))
		found[i] = eventing.Found{Key: pk[len(documentPrefix):], Position: position}
		doc := documents[pk]
		if text(doc, ValueAttribute(search.Index)) != search.Value || text(doc, OrderAttribute(search.Index)) != position {
			continue
		}
		if found[i].Version, err = strconv.ParseInt(number(doc, versionAttribute), 10, 64); err != nil {
			return nil, false, fmt.Errorf("read document %s of table %s: its version: %w", found[i].Key, s.table, err)
		}
		found[i].Body = []byte(text(doc, bodyAttribute))
	}
	return found, more, nil
}

// entries returns one entry more than the limit, if there are as many. At most 101 entries of about 5 KB, names
// and keys, fit into the megabyte that a query returns at most.
func (s *Store) entries(ctx context.Context, search eventing.Search) ([]item, error) {
	condition, values := "#value = :value", item{":value": str(search.Value)}
	names := map[string]string{"#value": ValueAttribute(search.Index)}
	if search.After != "" {
		condition += " AND #order " + map[bool]string{false: ">", true: "<"}[search.Down] + " :after"
		names["#order"], values[":after"] = OrderAttribute(search.Index), str(search.After)
	}
	out, err := s.api.Query(ctx, &dynamodb.QueryInput{
		TableName: &s.table, IndexName: new(IndexName(search.Index)), ScanIndexForward: new(!search.Down), Limit: new(int32(search.Limit + 1)),
		KeyConditionExpression: &condition, ExpressionAttributeNames: names, ExpressionAttributeValues: values,
	})
	if err != nil {
		return nil, err
	}
	return out.Items, nil
}

// every reads the items of entries. It asks again for what DynamoDB leaves out, because of its size or a throttle.
func (s *Store) every(ctx context.Context, entries []item) (items, error) {
	found := items{}
	for attempt := 0; len(found) < len(entries); attempt++ {
		if attempt == inbox.MaxAttempts {
			return nil, fmt.Errorf("after %d attempts %d of %d items are left", attempt, len(entries)-len(found), len(entries))
		}
		if err := inbox.Pause(ctx, s.table, attempt); err != nil {
			return nil, err
		}
		var keys []string
		for _, entry := range entries {
			if pk := text(entry, KeyAttribute); !found.has(pk) {
				keys = append(keys, pk)
			}
		}
		if err := s.getAll(ctx, keys, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}
