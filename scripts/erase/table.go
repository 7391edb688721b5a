package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// age is how long ago a record was committed; 0 for a document.
type age time.Duration

// retention is how long a record is kept: inbox.Retention, from which its age follows.
const retention = 120 * 24 * time.Hour

func ageOf(expires int64) age { return age(time.Since(time.Unix(expires, 0).Add(-retention))) }

// The prefixes of the keys of a table's items.
const (
	documentPrefix = "doc#"
	recordPrefix   = "inbox#"
)

// table is a service's table in DynamoDB.
type table struct {
	client *dynamodb.Client
	name   string
}

type item = map[string]types.AttributeValue

func (t *table) close() error { return nil }

// scan reads all items, and gets those that may be about the subject: that have it in their text, or are records of a
// request, whose response is encoded.
func (t *table) scan(ctx context.Context, subject string, document, record func(string, []byte) ([]byte, error)) (documents, records []entry, err error) {
	documents, records = []entry{}, []entry{}
	quoted, _ := json.Marshal(subject) // encoding a string can't fail
	pages := dynamodb.NewScanPaginator(t.client, &dynamodb.ScanInput{
		TableName: &t.name, ConsistentRead: aws.Bool(true),
		FilterExpression:          aws.String("contains(pk, :raw) OR contains(body, :text) OR contains(#record, :text) OR begins_with(pk, :http)"),
		ExpressionAttributeNames:  map[string]string{"#record": "record"},
		ExpressionAttributeValues: item{":raw": text(subject), ":text": text(strings.Trim(string(quoted), `"`)), ":http": text(recordPrefix + "http/")},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, nil, fmt.Errorf("scan table %s: %w", t.name, err)
		}
		for _, found := range page.Items {
			pk := value(found["pk"])
			e := entry{Key: pk, version: value(found["version"])}
			key, isDocument := strings.CutPrefix(pk, documentPrefix)
			after, into := document, &documents
			if e.before = value(found["body"]); !isDocument {
				expires, _ := strconv.ParseInt(value(found["expires"]), 10, 64) // a table without is one of ours from before
				e.before, e.age, after, into = value(found["record"]), ageOf(expires), record, &records
			}
			changed, err := after(key, []byte(e.before))
			if err != nil {
				return nil, nil, fmt.Errorf("item %s of table %s: %w", pk, t.name, err)
			}
			if e.after = string(changed); e.after != e.before {
				*into = append(*into, e)
			}
		}
	}
	return documents, records, nil
}

// replace writes an item unless it has changed.
func (t *table) replace(ctx context.Context, e entry, document bool) (bool, error) {
	in := &dynamodb.UpdateItemInput{
		TableName: &t.name, Key: item{"pk": text(e.Key)},
		UpdateExpression: aws.String("SET #text = :after"), ConditionExpression: aws.String("#text = :before"),
		ExpressionAttributeNames:  map[string]string{"#text": "record"},
		ExpressionAttributeValues: item{":before": text(e.before), ":after": text(e.after)},
	}
	if document {
		version, err := strconv.ParseInt(e.version, 10, 64)
		if err != nil {
			return false, fmt.Errorf("its version: %w", err)
		}
		in.UpdateExpression, in.ConditionExpression = aws.String("SET #text = :after, version = :next"), aws.String("version = :read")
		in.ExpressionAttributeNames["#text"] = "body"
		delete(in.ExpressionAttributeValues, ":before")
		in.ExpressionAttributeValues[":read"] = &types.AttributeValueMemberN{Value: e.version}
		in.ExpressionAttributeValues[":next"] = &types.AttributeValueMemberN{Value: strconv.FormatInt(version+1, 10)}
	}
	_, err := t.client.UpdateItem(ctx, in)
	if _, changed := errors.AsType[*types.ConditionalCheckFailedException](err); changed {
		return false, nil
	}
	return err == nil, err
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

// value returns a text or a number as text.
func value(attribute types.AttributeValue) string {
	switch attribute := attribute.(type) {
	case *types.AttributeValueMemberS:
		return attribute.Value
	case *types.AttributeValueMemberN:
		return attribute.Value
	}
	return ""
}
