package dynamodb_test

import (
	"fmt"
	"strings"
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
	wantFailure(t, err, invalid+"Attempting to create an index which already exists")

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
	const nothing = invalid + "At least one of ProvisionedThroughput, BillingMode, GlobalSecondaryIndexUpdates or DeletionProtectionEnabled is required"
	wantFailure(t, err, nothing)
	_, err = update(func(in *sdk.UpdateTableInput) { in.GlobalSecondaryIndexUpdates = []types.GlobalSecondaryIndexUpdate{} })
	wantFailure(t, err, nothing)
}

// TestIndexUpdatesAreChecked has the facts of Scylla's test_gsi_updatetable.py, which also runs against AWS.
func TestIndexUpdatesAreChecked(t *testing.T) {
	_, c := start(t)
	table(t, c, "things", "id:S", global("by-kind", "kind:S", projectAll))
	create := func(name, key string) types.GlobalSecondaryIndexUpdate {
		keys, _ := schema(key)
		return types.GlobalSecondaryIndexUpdate{Create: &types.CreateGlobalSecondaryIndexAction{IndexName: &name, KeySchema: keys, Projection: projectAll}}
	}
	remove := types.GlobalSecondaryIndexUpdate{Delete: &types.DeleteGlobalSecondaryIndexAction{IndexName: text("by-kind")}}
	both := create("new", "score:N")
	both.Delete = remove.Delete
	const one = "LimitExceededException: Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"
	const parameter = invalid + "One or more parameter values were invalid: "
	type updates = []types.GlobalSecondaryIndexUpdate
	for _, test := range []struct {
		define  string
		updates updates
		failure string
	}{
		{"score:N", updates{create("one", "score:N"), create("two", "score:N")}, one},
		{"score:N", updates{create("one", "score:N"), remove}, one},
		{"score:N", updates{both}, parameter + "Each GlobalSecondaryIndexUpdate must have exactly one of Create, Update and Delete"},
		{"score:N", updates{{}}, parameter + "Each GlobalSecondaryIndexUpdate must have exactly one of Create, Update and Delete"},
		{"score:N", updates{remove, remove}, parameter + "Only one global secondary index update per index is allowed simultaneously. Index: by-kind"},
		{"score:N", updates{{Update: &types.UpdateGlobalSecondaryIndexAction{IndexName: text("by-kind"), ProvisionedThroughput: &types.ProvisionedThroughput{ReadCapacityUnits: aws.Int64(1), WriteCapacityUnits: aws.Int64(0)}}}},
			invalid + "1 validation error detected: Value '0' at 'globalSecondaryIndexUpdates.1.member.update.provisionedThroughput.writeCapacityUnits' failed to satisfy constraint: Member must have value greater than or equal to 1"},
		{"kind:N", updates{create("new", "kind:N")}, parameter + "Attributes cannot be redefined. Please check that your attribute has the same type as previously defined: kind"},
		{"score:N", updates{create("new", "kind:S")}, parameter + "Some index key attributes are not defined in AttributeDefinitions. Keys: [kind], AttributeDefinitions: [score]"},
		{"score:N kind:S later:S", updates{create("new", "score:N")}, ""}, // definitions that no key uses
	} {
		_, definitions := schema(test.define)
		_, err := c.UpdateTable(t.Context(), &sdk.UpdateTableInput{TableName: text("things"), AttributeDefinitions: definitions, GlobalSecondaryIndexUpdates: test.updates})
		wantFailure(t, err, test.failure)
	}
	same := &types.ProvisionedThroughput{ReadCapacityUnits: aws.Int64(3), WriteCapacityUnits: aws.Int64(4)}
	rebill := &sdk.UpdateTableInput{TableName: text("things"), BillingMode: "PROVISIONED", ProvisionedThroughput: same}
	must[*sdk.UpdateTableOutput](t)(c.UpdateTable(t.Context(), rebill))
	_, err := c.UpdateTable(t.Context(), rebill)
	wantFailure(t, err, invalid+"The provisioned throughput for the table will not change. The requested value equals the current value.")
}

// TestIndexLeavesOutLongKeys adds indexes to a table with items whose attributes are too long for a key (Scylla's
// test_gsi_backfill_key_limits, which also runs against AWS).
func TestIndexLeavesOutLongKeys(t *testing.T) {
	_, c := start(t)
	table(t, c, "things", "id:S")
	for _, length := range []int{1024, 1025, 2048, 2049} {
		put(t, c, "things", plain{"id": fmt.Sprint(length), "kind": "k", "x": strings.Repeat("x", length)})
	}
	for key, want := range map[string]int{"x:S": 3, "kind:S x:S": 1} {
		keys, definitions := schema(key)
		name := fmt.Sprintf("with-%d-keys", len(keys))
		must[*sdk.UpdateTableOutput](t)(c.UpdateTable(t.Context(), &sdk.UpdateTableInput{TableName: text("things"), AttributeDefinitions: definitions,
			GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{{Create: &types.CreateGlobalSecondaryIndexAction{IndexName: &name, KeySchema: keys, Projection: projectAll}}}}))
		out := must[*sdk.ScanOutput](t)(c.Scan(t.Context(), &sdk.ScanInput{TableName: text("things"), IndexName: &name}))
		wantSame(t, want, len(out.Items))
	}
	_, err := c.PutItem(t.Context(), &sdk.PutItemInput{TableName: text("things"), Item: item(plain{"id": "new", "x": strings.Repeat("x", 2049)})})
	wantFailure(t, err, invalid+"One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes")
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
}

// TestTagsAreChecked has the facts of Scylla's test_tag.py and dynalite's tagResource.js, which also run against AWS.
func TestTagsAreChecked(t *testing.T) {
	_, c := start(t)
	table(t, c, "things", "id:S", global("by-kind", "kind:S", projectAll))
	const things = "arn:aws:dynamodb:us-east-1:000000000000:table/things"
	constraint := func(value, member, rule string) string {
		return invalid + "1 validation error detected: Value " + value + " at '" + member + "' failed to satisfy constraint: Member must " + rule
	}
	tag := func(key, value string) []types.Tag { return []types.Tag{{Key: &key, Value: &value}} }
	const pattern = `satisfy regular expression pattern: ^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$`
	for _, test := range []struct {
		arn     string
		tags    []types.Tag
		failure string
	}{
		{things, tag("a: é/=+-@", ""), ""},
		{things, tag(strings.Repeat("é", 128), strings.Repeat("é", 256)), ""},
		{things, tag(strings.Repeat("k", 129), "v"), constraint("'"+strings.Repeat("k", 129)+"'", "tags.1.member.key", "have length less than or equal to 128")},
		{things, tag("k", strings.Repeat("v", 257)), constraint("'"+strings.Repeat("v", 257)+"'", "tags.1.member.value", "have length less than or equal to 256")},
		{things, tag("", "v"), constraint("''", "tags.1.member.key", "have length greater than or equal to 1")},
		{things, tag("hi!", "v"), constraint("'hi!'", "tags.1.member.key", pattern)},
		{things, tag("k", "d%g"), constraint("'d%g'", "tags.1.member.value", pattern)},
		{things, []types.Tag{}, invalid + "Atleast one Tag needs to be provided as Input."},
		{things + "x", tag("k", "v"), "ResourceNotFoundException: Requested resource not found: ResourcArn: " + things + "x not found"},
		{things + "/index/by-kind", tag("k", "v"), invalid + "Invalid TableArn: Invalid ResourceArn provided as input " + things + "/index/by-kind"},
		{"things", tag("k", "v"), invalid + "Invalid TableArn: ARNs must start with 'arn:': things"},
	} {
		_, err := c.TagResource(t.Context(), &sdk.TagResourceInput{ResourceArn: &test.arn, Tags: test.tags})
		wantFailure(t, err, test.failure)
	}
	_, err := c.UntagResource(t.Context(), &sdk.UntagResourceInput{ResourceArn: text(things), TagKeys: []string{}})
	wantFailure(t, err, invalid+"Atleast one Tag Key needs to be provided as Input.")
	_, err = c.ListTagsOfResource(t.Context(), &sdk.ListTagsOfResourceInput{ResourceArn: text(things + "/index/by-kind")})
	wantFailure(t, err, invalid+"Invalid TableArn: Invalid ResourceArn provided as input "+things+"/index/by-kind")
	_, err = c.ListTagsOfResource(t.Context(), &sdk.ListTagsOfResourceInput{ResourceArn: text(things), NextToken: text("more")})
	wantFailure(t, err, invalid+"NextToken more is unknown: the local cloud lists all tags in one page")
}
