package console

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"example.com/troupe/scripts/internal/stack"
)

// The maximum number of documents shown, and of items that are read to find them. DynamoDB only finds a prefix by
// reading all items, which costs money on AWS: documents are only shown locally.
const (
	mostDocuments = 50
	mostScanned   = 20_000
	perScan       = 1000
)

// documentPrefix begins the keys of documents; other items are what the service remembers of handled events.
const documentPrefix = "doc#"

// documentView is a document of a service's state.
type documentView struct {
	Key     string          `json:"key"`
	Version string          `json:"version"`
	Body    json.RawMessage `json:"body"`
}

type documentsView struct {
	Documents []documentView `json:"documents"`
	More      bool           `json:"more"` // there may be others
}

// showsDocuments reports whether the page can show documents.
func (c *Console) showsDocuments() bool { return c.options.Env == stack.Env && c.options.Payloads }

// getDocuments responds with the documents of a service whose keys have a prefix.
func (c *Console) getDocuments(w http.ResponseWriter, r *http.Request) {
	at := c.scene.Load().target
	service := r.PathValue("service")
	table, known := at.Tables[service]
	switch {
	case !c.showsDocuments():
		problem(w, http.StatusNotFound, "Documents are only shown for the local cloud, while TRACE_PAYLOADS is on.")
		return
	case !known:
		problem(w, http.StatusNotFound, "No service "+service+" keeps documents in DynamoDB.")
		return
	}
	found, err := scan(r.Context(), dynamodb.NewFromConfig(at.Config), table, documentPrefix+r.URL.Query().Get("prefix"))
	if err != nil {
		problem(w, http.StatusBadGateway, err.Error())
		return
	}
	if !c.options.Personal {
		members := c.scene.Load().personal.Members(service)
		for i := range found.Documents {
			found.Documents[i].Body, _ = members.Hide(found.Documents[i].Body)
		}
	}
	answer(w, http.StatusOK, found)
}

func scan(ctx context.Context, client *dynamodb.Client, table, prefix string) (found documentsView, err error) {
	found.Documents = []documentView{}
	in := &dynamodb.ScanInput{
		TableName: &table, ConsistentRead: aws.Bool(true), Limit: aws.Int32(perScan),
		FilterExpression: aws.String("begins_with(pk, :prefix)"), ExpressionAttributeValues: map[string]types.AttributeValue{":prefix": &types.AttributeValueMemberS{Value: prefix}},
	}
	for scanned := int32(0); scanned < mostScanned; {
		out, err := client.Scan(ctx, in)
		if err != nil {
			return found, fmt.Errorf("scan table %s: %w", table, err)
		}
		for _, item := range out.Items {
			found.Documents = append(found.Documents, newDocument(item))
		}
		in.ExclusiveStartKey, scanned = out.LastEvaluatedKey, scanned+out.ScannedCount
		found.More = len(out.LastEvaluatedKey) > 0
		if !found.More || len(found.Documents) > mostDocuments {
			break
		}
	}
	slices.SortFunc(found.Documents, func(a, b documentView) int { return strings.Compare(a.Key, b.Key) })
	if len(found.Documents) > mostDocuments {
		found.Documents, found.More = found.Documents[:mostDocuments], true
	}
	return found, nil
}

func newDocument(item map[string]types.AttributeValue) documentView {
	d := documentView{Key: strings.TrimPrefix(attribute(item["pk"]), documentPrefix), Version: attribute(item["version"])}
	if body := attribute(item["body"]); json.Valid([]byte(body)) {
		d.Body = json.RawMessage(body)
	} else {
		d.Body, _ = json.Marshal(body) // encoding a string can't fail
	}
	return d
}

// attribute returns a text or a number as text.
func attribute(value types.AttributeValue) string {
	switch value := value.(type) {
	case *types.AttributeValueMemberS:
		return value.Value
	case *types.AttributeValueMemberN:
		return value.Value
	}
	return ""
}
