package simulation

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// documents reads documents of a service from its table.
func (w *world) documents(ctx context.Context, service string, keys []string) map[string]string {
	client, table := dynamodb.NewFromConfig(w.config(nil)), w.wired[service].Environment["TABLE_NAME"]
	bodies := map[string]string{}
	for chunk := range slices.Chunk(keys, 100) {
		var ask []map[string]types.AttributeValue
		for _, key := range chunk {
			ask = append(ask, map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: "doc#" + key}})
		}
		out, err := client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{table: {Keys: ask}}})
		if err != nil {
			w.violate("tables can be read", "", "%v", err)
			return bodies
		}
		for _, item := range out.Responses[table] {
			key, _ := item["pk"].(*types.AttributeValueMemberS)
			body, _ := item["body"].(*types.AttributeValueMemberS)
			bodies[key.Value[len("doc#"):]] = body.Value
		}
	}
	return bodies
}
