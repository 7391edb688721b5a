package cloud_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/localcloud/bill"
)

// TestBill checks that the meter is told requests with their operations, and DynamoDB's units as AWS rounds them. The
// sizes and units are those of AWS's own examples (aws.amazon.com/dynamodb/pricing/provisioned, "Key terms").
func TestBill(t *testing.T) {
	account := begin(t, "")
	server := account.server
	var mu sync.Mutex
	var told []bill.Use
	table := "lamps"
	client, queues := account.db, account.mq
	if _, err := client.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: &table, BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("pk"), AttributeType: types.ScalarAttributeTypeS}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("pk"), KeyType: types.KeyTypeHash}},
	}); err != nil {
		t.Fatal(err)
	}
	queue, err := queues.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: aws.String("lamps")})
	if err != nil {
		t.Fatal(err)
	}
	item := func(key string, kilobytes int) map[string]types.AttributeValue { // "pk", key and "data" count too
		size := kilobytes<<10 - len("pk") - len(key) - len("data")
		return map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: key}, "data": &types.AttributeValueMemberS{Value: strings.Repeat("x", size)}}
	}
	key := map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: "eight"}}
	get := func(consistent bool) func() error {
		return func() error {
			_, err := client.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &table, Key: key, ConsistentRead: &consistent})
			return err
		}
	}
	put := func(key string, kilobytes int) func() error {
		return func() error {
			_, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: item(key, kilobytes)})
			return err
		}
	}
	server.Bill.Listen(func(u bill.Use) {
		mu.Lock()
		defer mu.Unlock()
		told = append(told, u)
	})
	for _, c := range []struct {
		operation     string
		run           func() error
		reads, writes float64
	}{
		{"PutItem", put("one", 1), 0, 1},
		{"PutItem", put("three", 3), 0, 3},
		{"PutItem", put("eight", 8), 0, 8},
		{"GetItem", get(true), 2, 0},
		{"GetItem", get(false), 1, 0},
		{"TransactGetItems", func() error {
			_, err := client.TransactGetItems(t.Context(), &dynamodb.TransactGetItemsInput{TransactItems: []types.TransactGetItem{{Get: &types.Get{TableName: &table, Key: key}}}})
			return err
		}, 4, 0},
		{"TransactWriteItems", func() error {
			_, err := client.TransactWriteItems(t.Context(), &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{{Put: &types.Put{TableName: &table, Item: item("other", 3)}}}})
			return err
		}, 0, 6},
		{"ReceiveMessage", func() error {
			_, err := queues.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: queue.QueueUrl})
			return err
		}, 0, 0},
	} {
		told = nil
		if err := c.run(); err != nil {
			t.Fatal(err)
		}
		mu.Lock()
		var reads, writes float64
		operations := 0
		for _, u := range told {
			reads, writes = reads+u.Reads, writes+u.Writes
			if u.Operation == c.operation && u.Caller != "" && u.Empty == (c.operation == "ReceiveMessage") {
				operations++
			}
		}
		if operations != 1 || reads != c.reads || writes != c.writes {
			t.Errorf("%s: %g reads and %g writes, want %g and %g: %+v", c.operation, reads, writes, c.reads, c.writes, told)
		}
		mu.Unlock()
	}
}
