package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"example.com/troupe/scripts/internal/pause"
)

// What an item of a service's table is, by its key, and when a record expires.
const (
	keyAttribute   = "pk"
	expires        = "expires"
	recordPrefix   = "inbox#"
	recordLifetime = 120 * 24 * time.Hour // since the event was handled: inbox.Retention
)

// Of BatchWriteItem (DynamoDB API reference): the most items of a call, and how long to wait before what it left out.
const (
	mostDeleted = 25
	retryAfter  = 200 * time.Millisecond
)

// table is the table of a service.
type table struct {
	client *dynamodb.Client
	name   string
}

// contents is what a table holds. A document's index entries are part of it.
type contents struct {
	documents, records int
	oldest             time.Time // when the oldest record was written; zero without records
}

// count reads the whole table, and calls progress with the number of items so far.
func (t table) count(ctx context.Context, progress func(int)) (c contents, err error) {
	err = t.pages(ctx, func(items []map[string]types.AttributeValue) error {
		for _, item := range items {
			if !strings.HasPrefix(text(item[keyAttribute]), recordPrefix) {
				c.documents++
				continue
			}
			c.records++
			if seconds, err := strconv.ParseInt(text(item[expires]), 10, 64); err == nil {
				if at := time.Unix(seconds, 0).Add(-recordLifetime); c.oldest.IsZero() || at.Before(c.oldest) {
					c.oldest = at
				}
			}
		}
		progress(c.documents + c.records)
		return nil
	})
	return c, err
}

// empty deletes all items, and calls progress with the number so far.
func (t table) empty(ctx context.Context, progress func(int)) error {
	deleted := 0
	return t.pages(ctx, func(items []map[string]types.AttributeValue) error {
		for len(items) > 0 {
			n := min(len(items), mostDeleted)
			if err := t.delete(ctx, items[:n]); err != nil {
				return err
			}
			items, deleted = items[n:], deleted+n
			progress(deleted)
		}
		return nil
	})
}

// delete deletes a few items, and tries again with what DynamoDB leaves out.
func (t table) delete(ctx context.Context, items []map[string]types.AttributeValue) error {
	var requests []types.WriteRequest
	for _, item := range items {
		key := map[string]types.AttributeValue{keyAttribute: item[keyAttribute]}
		requests = append(requests, types.WriteRequest{DeleteRequest: &types.DeleteRequest{Key: key}})
	}
	for len(requests) > 0 {
		out, err := t.client.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{t.name: requests}})
		if err != nil {
			return fmt.Errorf("delete from table %s: %w", t.name, err)
		}
		if requests = out.UnprocessedItems[t.name]; len(requests) > 0 && !pause.For(ctx, retryAfter) {
			return ctx.Err()
		}
	}
	return nil
}

// pages reads the keys of all items, page by page.
func (t table) pages(ctx context.Context, each func([]map[string]types.AttributeValue) error) error {
	pages := dynamodb.NewScanPaginator(t.client, &dynamodb.ScanInput{
		TableName: &t.name, ConsistentRead: aws.Bool(true), ProjectionExpression: aws.String(keyAttribute + ", " + expires),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("read table %s: %w", t.name, err)
		}
		if err := each(page.Items); err != nil {
			return err
		}
	}
	return nil
}

// text returns a string or a number as text, and "" for anything else.
func text(value types.AttributeValue) string {
	switch v := value.(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberN:
		return v.Value
	}
	return ""
}
