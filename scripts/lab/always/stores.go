package always

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Documents returns the documents in a service's DynamoDB table by key.
func Documents(ctx context.Context, client *dynamodb.Client, table string) (map[string]json.RawMessage, error) {
	documents := map[string]json.RawMessage{}
	pages := dynamodb.NewScanPaginator(client, &dynamodb.ScanInput{
		TableName: &table, ConsistentRead: aws.Bool(true), ProjectionExpression: aws.String("pk, body"),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("read table %s: %w", table, err)
		}
		for _, item := range page.Items {
			if key, ok := strings.CutPrefix(text(item["pk"]), "doc#"); ok {
				documents[key] = json.RawMessage(text(item["body"]))
			}
		}
	}
	return documents, nil
}

func text(value types.AttributeValue) string {
	s, _ := value.(*types.AttributeValueMemberS)
	if s == nil {
		return ""
	}
	return s.Value
}

// Rows returns the documents in a service's SQL database by key.
func Rows(ctx context.Context, database *sql.DB) (map[string]json.RawMessage, error) {
	rows, err := database.QueryContext(ctx, "SELECT id, body FROM inbox_documents")
	if err != nil {
		return nil, fmt.Errorf("read documents: %w", err)
	}
	defer rows.Close()
	documents := map[string]json.RawMessage{}
	for rows.Next() {
		var key string
		var body []byte
		if err := rows.Scan(&key, &body); err != nil {
			return nil, fmt.Errorf("read documents: %w", err)
		}
		documents[key] = body
	}
	return documents, rows.Err()
}
