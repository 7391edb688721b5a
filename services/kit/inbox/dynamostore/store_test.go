package dynamostore_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	cloud "example.com/localcloud/dynamodb"
	"example.com/troupe/services/kit/eventingtest"
	"example.com/troupe/services/kit/inbox"
	"example.com/troupe/services/kit/inbox/dynamostore"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

const table = "troupe-test-service"

// newClient returns an SDK client of a database of its own, with the table in it.
func newClient(t *testing.T, options ...func(*dynamodb.Options)) (*dynamodb.Client, *cloud.Service) {
	t.Helper()
	service := cloud.New()
	server := httptest.NewServer(http.HandlerFunc(service.Wire().ServeJSON))
	t.Cleanup(server.Close)
	client := dynamodb.New(dynamodb.Options{
		BaseEndpoint: &server.URL, Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""),
	}, options...)
	definition := &dynamodb.CreateTableInput{
		TableName:            aws.String(table),
		BillingMode:          types.BillingModePayPerRequest,
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String(dynamostore.KeyAttribute), KeyType: types.KeyTypeHash}},
		AttributeDefinitions: texts(dynamostore.KeyAttribute),
	}
	for _, name := range eventingtest.Indexes {
		value, order := dynamostore.ValueAttribute(name), dynamostore.OrderAttribute(name)
		definition.AttributeDefinitions = append(definition.AttributeDefinitions, texts(value, order)...)
		definition.GlobalSecondaryIndexes = append(definition.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
			IndexName:  aws.String(dynamostore.IndexName(name)),
			KeySchema:  []types.KeySchemaElement{{AttributeName: &value, KeyType: types.KeyTypeHash}, {AttributeName: &order, KeyType: types.KeyTypeRange}},
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly},
		})
	}
	if _, err := client.CreateTable(t.Context(), definition); err != nil {
		t.Fatal(err)
	}
	return client, service
}

func texts(names ...string) (definitions []types.AttributeDefinition) {
	for _, name := range names {
		definitions = append(definitions, types.AttributeDefinition{AttributeName: &name, AttributeType: types.ScalarAttributeTypeS})
	}
	return definitions
}

func TestDriver(t *testing.T) {
	eventingtest.Driver(t, func(t *testing.T) inbox.Driver {
		client, _ := newClient(t)
		return dynamostore.New(client, table)
	})
}
