package wiring

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"example.com/troupe/scripts/internal/pause"
	"example.com/troupe/scripts/internal/topology"
)

// indexPoll is how often an index that is being made or removed is looked at.
const indexPoll = 100 * time.Millisecond

// indexes gives a table that exists the indexes of the topology, and no others. DynamoDB makes or removes one at a time.
func (w *Wirer) indexes(ctx context.Context, t *topology.Table) error {
	there, err := w.settled(ctx, t)
	if err != nil {
		return err
	}
	named := func(name string) func(topology.TableIndex) bool {
		return func(index topology.TableIndex) bool { return index.Name == name }
	}
	for _, name := range there {
		if !slices.ContainsFunc(t.Indexes, named(name)) {
			if err := w.updateIndex(ctx, t, name, types.GlobalSecondaryIndexUpdate{Delete: &types.DeleteGlobalSecondaryIndexAction{IndexName: &name}}); err != nil {
				return err
			}
		}
	}
	for _, index := range t.Indexes {
		if slices.Contains(there, index.Name) {
			continue
		}
		create := &types.CreateGlobalSecondaryIndexAction{IndexName: &index.Name, KeySchema: keys(index), Projection: onlyKeys}
		if err := w.updateIndex(ctx, t, index.Name, types.GlobalSecondaryIndexUpdate{Create: create}, index.HashKey, index.RangeKey); err != nil {
			return err
		}
	}
	return nil
}

// updateIndex makes one change to a table's indexes, and waits for it.
func (w *Wirer) updateIndex(ctx context.Context, t *topology.Table, index string, change types.GlobalSecondaryIndexUpdate, attributes ...string) error {
	_, err := w.tables.UpdateTable(ctx, &dynamodb.UpdateTableInput{
		TableName: &t.Name, AttributeDefinitions: texts(append([]string{t.HashKey}, attributes...)...),
		GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{change},
	})
	if err == nil {
		_, err = w.settled(ctx, t)
	}
	if err != nil {
		return fmt.Errorf("update index %s: %w", index, err)
	}
	return nil
}

// settled waits until none of a table's indexes is being made or removed, and returns their names.
func (w *Wirer) settled(ctx context.Context, t *topology.Table) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, tableWait)
	defer cancel()
	for {
		out, err := w.tables.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &t.Name})
		if err != nil {
			return nil, fmt.Errorf("read its indexes: %w", err)
		}
		var names []string
		busy := out.Table.TableStatus != types.TableStatusActive
		for _, index := range out.Table.GlobalSecondaryIndexes {
			names, busy = append(names, aws.ToString(index.IndexName)), busy || index.IndexStatus != types.IndexStatusActive
		}
		if !busy {
			return names, nil
		}
		if !pause.For(ctx, indexPoll) {
			return nil, fmt.Errorf("wait for its indexes: %w", ctx.Err())
		}
	}
}

var onlyKeys = &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly}

func keys(index topology.TableIndex) []types.KeySchemaElement {
	return []types.KeySchemaElement{
		{AttributeName: &index.HashKey, KeyType: types.KeyTypeHash}, {AttributeName: &index.RangeKey, KeyType: types.KeyTypeRange},
	}
}

func texts(names ...string) (definitions []types.AttributeDefinition) {
	for _, name := range names {
		definitions = append(definitions, types.AttributeDefinition{AttributeName: &name, AttributeType: types.ScalarAttributeTypeS})
	}
	return definitions
}
