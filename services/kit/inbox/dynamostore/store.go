// Package dynamostore is the inbox over DynamoDB: one table a service, with the
// partition key pk (a string), so that the table scales by key and costs nothing while
// nothing happens, and a global secondary index for each index that service.json declares.
//
// An item is a document (pk "doc#" and its key, version, body, and its entries in indexes) or a
// record (pk "inbox#" and its key, record, expires). A unit of work reads consistently and
// commits with one TransactWriteItems: the record, which must be new, and each document
// that was read or saved, at the version that was read. Nothing is locked meanwhile:
// of two units of work that collide, one runs again.
//
// The SDK gives each transaction a client request token and keeps it through its retries.
// DynamoDB remembers it for 10 minutes, so a commit whose answer was lost is recognised
// and does not conflict with itself. After the SDK has given up, the next delivery finds
// the record.
//
// DynamoDB deletes expired records within days of their time. Until then they count:
// remembering for too long does no harm, while a late repeat would act twice.
package dynamostore

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"example.com/troupe/services/kit/eventing"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// The attributes of the table. Switch on time to live for TTLAttribute.
const (
	KeyAttribute = "pk"
	TTLAttribute = "expires" // seconds since 1970

	versionAttribute = "version"
	bodyAttribute    = "body"
	recordAttribute  = "record"
)

// API is what the store needs of a dynamodb.Client.
type API interface {
	BatchGetItem(context.Context, *dynamodb.BatchGetItemInput, ...func(*dynamodb.Options)) (*dynamodb.BatchGetItemOutput, error)
	GetItem(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
	PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
	Query(context.Context, *dynamodb.QueryInput, ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error)
	TransactWriteItems(context.Context, *dynamodb.TransactWriteItemsInput, ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error)
}

// Store is a driver of the inbox over one table.
type Store struct {
	api   API
	table string
	ahead items // nil unless prefetched
}

type item = map[string]types.AttributeValue

// New returns a store over a table that exists.
func New(api API, table string) *Store { return &Store{api: api, table: table} }

// Close does nothing: the client belongs to its owner.
func (s *Store) Close() error { return nil }

// Read returns a document as it is committed.
func (s *Store) Read(ctx context.Context, key string) (body []byte, version int64, err error) {
	found, err := s.get(ctx, documentKey(key))
	if err != nil || found == nil {
		return nil, 0, err
	}
	if version, err = strconv.ParseInt(number(found, versionAttribute), 10, 64); err != nil {
		return nil, 0, fmt.Errorf("read document %s of table %s: its version: %w", key, s.table, err)
	}
	return []byte(text(found, bodyAttribute)), version, nil
}

// Find returns the record of a unit of work, or nil.
func (s *Store) Find(ctx context.Context, key string) (*eventing.Record, error) {
	found, err := s.get(ctx, recordKey(key))
	if err != nil || found == nil {
		return nil, err
	}
	var record eventing.Record
	if err := json.Unmarshal([]byte(text(found, recordAttribute)), &record); err != nil {
		return nil, fmt.Errorf("decode record %s of table %s: %w", key, s.table, err)
	}
	return &record, nil
}

func (s *Store) get(ctx context.Context, pk string) (item, error) {
	if found, known := s.ahead.take(pk); known {
		return found, ctx.Err()
	}
	if len(pk) > maxKey {
		return nil, ctx.Err()
	}
	out, err := s.api.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &s.table, Key: item{KeyAttribute: str(pk)}, ConsistentRead: new(true),
	})
	if err != nil {
		return nil, fmt.Errorf("read %s of table %s: %w", pk, s.table, err)
	}
	return out.Item, nil
}

// documentPrefix begins the partition key of a document.
const documentPrefix = "doc#"

func documentKey(key string) string { return documentPrefix + key }
func recordKey(key string) string   { return "inbox#" + key }

func str(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func num(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

func text(from item, attribute string) string {
	value, _ := from[attribute].(*types.AttributeValueMemberS)
	if value == nil {
		return ""
	}
	return value.Value
}

func number(from item, attribute string) string {
	value, _ := from[attribute].(*types.AttributeValueMemberN)
	if value == nil {
		return ""
	}
	return value.Value
}
