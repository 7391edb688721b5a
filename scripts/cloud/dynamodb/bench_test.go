package dynamodb_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"example.com/localcloud/dynamodb"
)

// BenchmarkOperations measures the operations without HTTP, on one partition with few and with many items and an
// index. The cost must grow far more slowly than the number of items.
func BenchmarkOperations(b *testing.B) {
	for _, items := range []int{10, 100_000} {
		service := dynamodb.New()
		must[*dynamodb.TableDescriptionOutput](b)(service.CreateTable(b.Context(), &dynamodb.CreateTableInput{
			TableName: "things", BillingMode: "PAY_PER_REQUEST",
			AttributeDefinitions:   []dynamodb.AttributeDefinition{{"id", "S"}, {"pos", "S"}, {"kind", "S"}},
			KeySchema:              []dynamodb.KeySchemaElement{{"id", "HASH"}, {"pos", "RANGE"}},
			GlobalSecondaryIndexes: []dynamodb.SecondaryIndex{{IndexName: "by-kind", KeySchema: []dynamodb.KeySchemaElement{{"kind", "HASH"}}, Projection: &dynamodb.IndexProjection{ProjectionType: "ALL"}}},
		}))
		key := func(i int) dynamodb.Item {
			return dynamodb.Item{"id": dynamodb.String("x"), "pos": dynamodb.String(fmt.Sprintf("%08d", i))}
		}
		full := func(i int) dynamodb.Item {
			p := key(i)
			p["kind"], p["text"] = dynamodb.String("k"), dynamodb.String("some text that an item may have")
			return p
		}
		put := func(i int) error {
			_, err := service.PutItem(b.Context(), &dynamodb.PutItemInput{TableName: "things", Item: full(i)})
			return err
		}
		for i := range items {
			if err := put(i); err != nil {
				b.Fatal(err)
			}
		}
		condition := "id = :id AND pos > :pos"
		for name, operation := range map[string]func(i int) error{
			"put": put,
			"get": func(i int) error {
				_, err := service.GetItem(b.Context(), &dynamodb.GetItemInput{TableName: "things", Key: key(i)})
				return err
			},
			"transact": func(i int) error {
				in := &dynamodb.TransactWriteItemsInput{}
				for n := range 3 {
					in.TransactItems = append(in.TransactItems, dynamodb.TransactWriteItem{Put: &dynamodb.TransactAction{TableName: "things", Item: full((i + n) % items)}})
				}
				_, err := service.TransactWriteItems(b.Context(), in)
				return err
			},
			"query10": func(i int) error {
				limit := 10
				in := &dynamodb.QueryInput{KeyConditionExpression: &condition}
				in.TableName, in.Limit = "things", &limit
				in.ExpressionAttributeValues = dynamodb.Item{":id": dynamodb.String("x"), ":pos": key(i)["pos"]}
				_, err := service.Query(b.Context(), in)
				return err
			},
		} {
			b.Run(fmt.Sprintf("%s/%d", name, items), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := operation(rand.IntN(items)); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
