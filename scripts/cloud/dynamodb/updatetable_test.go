package dynamodb_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func TestUpdateTable(t *testing.T) {
	_, c := start(t)
	fill(t, c)
	update := func(change func(*sdk.UpdateTableInput)) (*types.TableDescription, error) {
		in := &sdk.UpdateTableInput{TableName: text("things")}
		change(in)
		out, err := c.UpdateTable(t.Context(), in)
		if err != nil {
			return nil, err
		}
		return out.TableDescription, nil
	}
	keys, definitions := schema("all:S score:N")
	create := func(in *sdk.UpdateTableInput) {
		in.AttributeDefinitions = definitions
		in.GlobalSecondaryIndexUpdates = []types.GlobalSecondaryIndexUpdate{{Create: &types.CreateGlobalSecondaryIndexAction{IndexName: text("by-score"), KeySchema: keys, Projection: projectKeys}}}
	}
	d := must[*types.TableDescription](t)(update(create))
	wantSame(t, int64(30), *d.GlobalSecondaryIndexes[0].ItemCount)
	out := must[*sdk.QueryOutput](t)(c.Query(t.Context(), &sdk.QueryInput{TableName: text("things"), IndexName: text("by-score"), KeyConditionExpression: text("#a = :x AND score < :two"),
		ExpressionAttributeNames: map[string]string{"#a": "all"}, ExpressionAttributeValues: item(plain{":x": "x", ":two": 2})}))
	wantSame(t, []plain{{"id": "p2", "pos": 9, "all": "x", "score": 1}}, unitems(out.Items))
	_, err := update(create)
	wantFailure(t, err, invalid+"One or more parameter values were invalid: Duplicate index name: by-score")

	capacity := &types.ProvisionedThroughput{ReadCapacityUnits: aws.Int64(3), WriteCapacityUnits: aws.Int64(4)}
	must[*types.TableDescription](t)(update(func(in *sdk.UpdateTableInput) {
		in.BillingMode, in.ProvisionedThroughput, in.DeletionProtectionEnabled = "PROVISIONED", capacity, aws.Bool(true)
	}))
	d = must[*types.TableDescription](t)(update(func(in *sdk.UpdateTableInput) {
		in.GlobalSecondaryIndexUpdates = []types.GlobalSecondaryIndexUpdate{{Update: &types.UpdateGlobalSecondaryIndexAction{IndexName: text("by-score"), ProvisionedThroughput: capacity}}}
	}))
	wantSame(t, "3 4 true", fmt.Sprint(*d.ProvisionedThroughput.ReadCapacityUnits, *d.GlobalSecondaryIndexes[0].ProvisionedThroughput.WriteCapacityUnits, *d.DeletionProtectionEnabled))
	_, err = c.DeleteTable(t.Context(), &sdk.DeleteTableInput{TableName: text("things")})
	wantFailure(t, err, invalid+"Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.")

	remove := func(in *sdk.UpdateTableInput) {
		in.GlobalSecondaryIndexUpdates = []types.GlobalSecondaryIndexUpdate{{Delete: &types.DeleteGlobalSecondaryIndexAction{IndexName: text("by-score")}}}
	}
	wantSame(t, 0, len(must[*types.TableDescription](t)(update(remove)).GlobalSecondaryIndexes))
	_, err = update(remove)
	wantFailure(t, err, "ResourceNotFoundException: Requested resource not found: ResourcArn: arn:aws:dynamodb:us-east-1:000000000000:table/things/index/by-score not found")
	_, err = update(func(*sdk.UpdateTableInput) {})
	wantFailure(t, err, invalid+"At least one of ProvisionedThroughput, BillingMode, GlobalSecondaryIndexUpdates or DeletionProtectionEnabled is required")
}

func TestTags(t *testing.T) {
	_, c := start(t)
	table(t, c, "things", "id:S", func(in *sdk.CreateTableInput) { in.Tags = []types.Tag{{Key: text("a"), Value: text("1")}} })
	arn := text("arn:aws:dynamodb:us-east-1:000000000000:table/things")
	must[*sdk.TagResourceOutput](t)(c.TagResource(t.Context(), &sdk.TagResourceInput{ResourceArn: arn, Tags: []types.Tag{{Key: text("b"), Value: text("2")}, {Key: text("c"), Value: text("3")}}}))
	must[*sdk.UntagResourceOutput](t)(c.UntagResource(t.Context(), &sdk.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"b"}}))
	var got []string
	for _, tag := range must[*sdk.ListTagsOfResourceOutput](t)(c.ListTagsOfResource(t.Context(), &sdk.ListTagsOfResourceInput{ResourceArn: arn})).Tags {
		got = append(got, *tag.Key+"="+*tag.Value)
	}
	wantSame(t, []string{"a=1", "c=3"}, got)
	_, err := c.TagResource(t.Context(), &sdk.TagResourceInput{ResourceArn: text("arn:x"), Tags: []types.Tag{}})
	wantFailure(t, err, "ResourceNotFoundException: Requested resource not found: ResourcArn: arn:x not found")
}
