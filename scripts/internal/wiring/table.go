package wiring

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"example.com/troupe/scripts/internal/topology"
)

// tableWait limits how long a new table may take to become active.
const tableWait = time.Minute

func (w *Wirer) table(ctx context.Context, t *topology.Table) error {
	if t == nil {
		return nil
	}
	definition := &dynamodb.CreateTableInput{
		TableName:            &t.Name,
		BillingMode:          types.BillingModePayPerRequest,
		KeySchema:            []types.KeySchemaElement{{AttributeName: &t.HashKey, KeyType: types.KeyTypeHash}},
		AttributeDefinitions: texts(t.HashKey),
	}
	for _, index := range t.Indexes {
		definition.AttributeDefinitions = append(definition.AttributeDefinitions, texts(index.HashKey, index.RangeKey)...)
		definition.GlobalSecondaryIndexes = append(definition.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
			IndexName: &index.Name, KeySchema: keys(index), Projection: onlyKeys,
		})
	}
	_, err := w.tables.CreateTable(ctx, definition)
	if _, exists := errors.AsType[*types.ResourceInUseException](err); err != nil && !exists {
		return making("table", t.Name, err)
	}
	waiter := dynamodb.NewTableExistsWaiter(w.tables, func(o *dynamodb.TableExistsWaiterOptions) {
		o.MinDelay, o.MaxDelay = 100*time.Millisecond, 2*time.Second
	})
	if err := waiter.Wait(ctx, &dynamodb.DescribeTableInput{TableName: &t.Name}, tableWait); err != nil {
		return making("table", t.Name, err)
	}
	return making("table", t.Name, errors.Join(w.indexes(ctx, t), w.expiry(ctx, t)))
}

// expiry enables time to live. DynamoDB refuses to enable it twice.
func (w *Wirer) expiry(ctx context.Context, t *topology.Table) error {
	now, err := w.tables.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: &t.Name})
	if err != nil {
		return fmt.Errorf("read its time to live: %w", err)
	}
	if d := now.TimeToLiveDescription; d != nil && aws.ToString(d.AttributeName) == t.TTLAttribute {
		return nil
	}
	_, err = w.tables.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{
		TableName:               &t.Name,
		TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: &t.TTLAttribute, Enabled: aws.Bool(true)},
	})
	if err != nil {
		return fmt.Errorf("enable time to live: %w", err)
	}
	return nil
}
