package wiring

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	cloud "example.com/localcloud/dynamodb"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/topology"
)

// TestIndexesFollowTheDeclaration adds indexes to a table with documents, and removes one.
func TestIndexesFollowTheDeclaration(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(cloud.New().Wire().ServeJSON))
	t.Cleanup(server.Close)
	w := New(endpoint.At(server.URL))
	sea := topology.TableIndex{Name: "by-sea", HashKey: "by-sea", RangeKey: "order-sea"}
	master := topology.TableIndex{Name: "by-master", HashKey: "by-master", RangeKey: "order-master"}
	wire := func(indexes ...topology.TableIndex) {
		t.Helper()
		if err := w.table(t.Context(), &topology.Table{Name: "harbour", HashKey: "pk", TTLAttribute: "expires", Indexes: indexes}); err != nil {
			t.Fatal(err)
		}
		there, err := w.tables.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String("harbour")})
		if err != nil || len(there.Table.GlobalSecondaryIndexes) != len(indexes) {
			t.Fatalf("%d indexes, error %v; want %d", len(there.Table.GlobalSecondaryIndexes), err, len(indexes))
		}
		for _, index := range there.Table.GlobalSecondaryIndexes {
			if !slices.ContainsFunc(indexes, func(i topology.TableIndex) bool { return i.Name == *index.IndexName }) || index.Projection.ProjectionType != types.ProjectionTypeKeysOnly {
				t.Errorf("index %s with %s is not as declared", *index.IndexName, index.Projection.ProjectionType)
			}
		}
	}
	wire()
	text := func(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
	ship := map[string]types.AttributeValue{"pk": text("doc#ship/1"), "by-sea": text("north"), "order-sea": text("1"), "by-master": text("ann"), "order-master": text("1")}
	if _, err := w.tables.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("harbour"), Item: ship}); err != nil {
		t.Fatal(err)
	}
	wire(master, sea) // two at once, which DynamoDB makes one by one, from what is there
	wire(master, sea)
	found, err := w.tables.Query(t.Context(), &dynamodb.QueryInput{
		TableName: aws.String("harbour"), IndexName: aws.String("by-sea"), KeyConditionExpression: aws.String("#sea = :sea"),
		ExpressionAttributeNames: map[string]string{"#sea": "by-sea"}, ExpressionAttributeValues: map[string]types.AttributeValue{":sea": text("north")},
	})
	if err != nil || found.Count != 1 {
		t.Errorf("found %v, error %v; want the ship", found, err)
	}
	wire(sea)
	wire()
}
