package dynamostore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// The conditions of a transaction.
const (
	isNew     = "attribute_not_exists(" + KeyAttribute + ")"
	unchanged = versionAttribute + " = :read"
)

// Try runs the work and commits it with its record.
func (s *Store) Try(ctx context.Context, key string, work eventing.Work) (eventing.Commit, error) {
	commit, err := work.Run(ctx, s)
	if err != nil {
		return eventing.Commit{}, err
	}
	if err := entryLimits(commit.Changes); err != nil {
		return eventing.Commit{}, err
	}
	actions, err := s.actions(key, commit)
	if err != nil {
		return eventing.Commit{}, err
	}
	if err := s.commit(ctx, actions); err != nil {
		return eventing.Commit{}, fmt.Errorf("commit unit of work %s to table %s: %w", key, s.table, explain(err, commit.Changes))
	}
	return commit, nil
}

// commit commits the actions. A record alone is put, which costs half of what a transaction of one does. An SDK's
// retry of a put whose answer was lost looks like a duplicate: the unit of work then counts as repeated.
func (s *Store) commit(ctx context.Context, actions []types.TransactWriteItem) (err error) {
	if len(actions) == 1 {
		put := actions[0].Put
		_, err = s.api.PutItem(ctx, &dynamodb.PutItemInput{TableName: put.TableName, Item: put.Item, ConditionExpression: put.ConditionExpression})
		return err
	}
	_, err = s.api.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: actions})
	return err
}

// actions returns the record's action and then one for each document: the order that
// explain expects.
func (s *Store) actions(key string, commit eventing.Commit) ([]types.TransactWriteItem, error) {
	record, err := json.Marshal(commit.Record)
	if err != nil {
		return nil, fmt.Errorf("encode record %s: %w", key, err)
	}
	actions := []types.TransactWriteItem{{Put: &types.Put{
		TableName:           &s.table,
		ConditionExpression: aws.String(isNew),
		Item: item{
			KeyAttribute:    str(recordKey(key)),
			recordAttribute: str(string(record)),
			TTLAttribute:    num(time.Now().Add(inbox.Retention).Unix()),
		},
	}}}
	for _, change := range commit.Changes {
		actions = append(actions, s.action(change))
	}
	return actions, limits(actions)
}

// action puts a document or, where there is nothing to save, checks its version.
func (s *Store) action(change eventing.Change) types.TransactWriteItem {
	condition, values := isNew, item(nil)
	if change.Version > 0 {
		condition, values = unchanged, item{":read": num(change.Version)}
	}
	pk := str(documentKey(change.Key))
	if change.Body == nil {
		return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
			TableName: &s.table, Key: item{KeyAttribute: pk}, ConditionExpression: &condition, ExpressionAttributeValues: values,
		}}
	}
	document := item{KeyAttribute: pk, versionAttribute: num(change.Version + 1), bodyAttribute: str(string(change.Body))}
	for _, entry := range change.Entries {
		document[ValueAttribute(entry.Index)], document[OrderAttribute(entry.Index)] = str(entry.Value), str(entry.Position)
	}
	return types.TransactWriteItem{Put: &types.Put{
		TableName: &s.table, ConditionExpression: &condition, ExpressionAttributeValues: values, Item: document,
	}}
}

// explain returns why a transaction was cancelled; its reasons are in the order of its
// actions. A throttled transaction keeps DynamoDB's error, and is tried again later.
func explain(err error, changes []eventing.Change) error {
	if _, there := errors.AsType[*types.ConditionalCheckFailedException](err); there { // of a record alone
		return inbox.ErrDuplicate
	}
	if _, busy := errors.AsType[*types.TransactionConflictException](err); busy {
		return fmt.Errorf("its record: %w: %w", inbox.ErrConflict, err)
	}
	cancelled, ok := errors.AsType[*types.TransactionCanceledException](err)
	if !ok {
		return err
	}
	for i, reason := range cancelled.CancellationReasons {
		switch code := aws.ToString(reason.Code); {
		case code != "ConditionalCheckFailed" && code != "TransactionConflict":
			continue
		case i > 0:
			return fmt.Errorf("document %s at version %d: %s: %w", changes[i-1].Key, changes[i-1].Version, code, inbox.ErrConflict)
		case code == "ConditionalCheckFailed":
			return inbox.ErrDuplicate
		default:
			return fmt.Errorf("its record: %s: %w", code, inbox.ErrConflict)
		}
	}
	return err
}
