package dynamodb_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// global and local return a change that adds a secondary index to a table.
func global(name, key string, projection *types.Projection) func(*sdk.CreateTableInput) {
	return func(in *sdk.CreateTableInput) {
		keys, definitions := schema(key)
		in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{IndexName: &name, KeySchema: keys, Projection: projection})
		define(in, definitions)
	}
}

func local(name, key string, projection *types.Projection) func(*sdk.CreateTableInput) {
	return func(in *sdk.CreateTableInput) {
		keys, definitions := schema(key)
		in.LocalSecondaryIndexes = append(in.LocalSecondaryIndexes, types.LocalSecondaryIndex{IndexName: &name, KeySchema: keys, Projection: projection})
		define(in, definitions)
	}
}

func define(in *sdk.CreateTableInput, definitions []types.AttributeDefinition) {
	for _, d := range definitions {
		if !slices.ContainsFunc(in.AttributeDefinitions, func(e types.AttributeDefinition) bool { return *e.AttributeName == *d.AttributeName }) {
			in.AttributeDefinitions = append(in.AttributeDefinitions, d)
		}
	}
}

var (
	projectAll  = &types.Projection{ProjectionType: "ALL"}
	projectKeys = &types.Projection{ProjectionType: "KEYS_ONLY"}
	projectRank = &types.Projection{ProjectionType: "INCLUDE", NonKeyAttributes: []string{"score"}}
)

func TestIndexes(t *testing.T) {
	_, c := start(t)
	table(t, c, "things", "id:S pos:N", global("by-kind", "kind:S score:N", projectAll), global("keys", "kind:S", projectKeys), local("by-score", "id:S score:N", projectKeys))
	for i, kind := range []any{"a", "b", "a", nil, "a"} {
		p := plain{"id": "x", "pos": i, "score": 10 - i, "note": fmt.Sprint(i)}
		if kind != nil {
			p["kind"] = kind
		}
		put(t, c, "things", p)
	}
	query := func(index, condition string, values plain, change ...func(*sdk.QueryInput)) ([]plain, error) {
		in := &sdk.QueryInput{TableName: text("things"), IndexName: &index, KeyConditionExpression: &condition, ExpressionAttributeValues: item(values)}
		for _, f := range change {
			f(in)
		}
		out, err := c.Query(t.Context(), in)
		if err != nil {
			return nil, err
		}
		return unitems(out.Items), nil
	}
	a := plain{":v": "a"}
	one := func(i int) plain {
		return plain{"id": "x", "pos": i, "score": 10 - i, "note": fmt.Sprint(i), "kind": "a"}
	}
	wantSame(t, []plain{one(4), one(2), one(0)}, must[[]plain](t)(query("by-kind", "kind = :v", a)))
	wantSame(t, []plain{one(2)}, must[[]plain](t)(query("by-kind", "kind = :v AND score BETWEEN :l AND :h", plain{":v": "a", ":l": 7, ":h": 9})))
	wantSame(t, []plain{{"id": "x", "pos": 0, "kind": "a"}, {"id": "x", "pos": 2, "kind": "a"}, {"id": "x", "pos": 4, "kind": "a"}}, must[[]plain](t)(query("keys", "kind = :v", a)))
	x := plain{":v": "x", ":r": 8}
	wantSame(t, []plain{{"id": "x", "pos": 4, "score": 6}, {"id": "x", "pos": 3, "score": 7}}, must[[]plain](t)(query("by-score", "id = :v AND score < :r", x)))
	wantSame(t, []plain{{"note": "4"}, {"note": "3"}}, must[[]plain](t)(query("by-score", "id = :v AND score < :r", x, func(in *sdk.QueryInput) {
		in.ProjectionExpression, in.ConsistentRead = text("note"), aws.Bool(true)
	})))
	for failure, change := range map[string]func(*sdk.QueryInput){
		"Consistent reads are not supported on global secondary indexes":                                                                                                func(in *sdk.QueryInput) { in.ConsistentRead = aws.Bool(true) },
		"One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index keys because its projection type is not ALL": func(in *sdk.QueryInput) { in.Select = "ALL_ATTRIBUTES" },
		"One or more parameter values were invalid: Global secondary index keys does not project [note]":                                                                func(in *sdk.QueryInput) { in.ProjectionExpression = text("note") },
	} {
		_, err := query("keys", "kind = :v", a, change)
		wantFailure(t, err, invalid+failure)
	}

	// An index follows its items: a changed key moves an item, a removed key drops it.
	for _, in := range []*sdk.UpdateItemInput{
		{Key: item(plain{"id": "x", "pos": 0}), UpdateExpression: text("REMOVE kind")},
		{Key: item(plain{"id": "x", "pos": 2}), UpdateExpression: text("SET kind = :v"), ExpressionAttributeValues: item(plain{":v": "b"})},
	} {
		in.TableName = text("things")
		must[*sdk.UpdateItemOutput](t)(c.UpdateItem(t.Context(), in))
	}
	must[*sdk.DeleteItemOutput](t)(c.DeleteItem(t.Context(), &sdk.DeleteItemInput{TableName: text("things"), Key: item(plain{"id": "x", "pos": 1})}))
	wantSame(t, []plain{one(4)}, must[[]plain](t)(query("by-kind", "kind = :v", a)))
	wantSame(t, 1, len(must[[]plain](t)(query("by-kind", "kind = :v", plain{":v": "b"}))))

	// A page of an index starts after its start key, even among items with an equal index key.
	var ats []any
	in := &sdk.ScanInput{TableName: text("things"), IndexName: text("keys"), Limit: aws.Int32(1)}
	for pages := sdk.NewScanPaginator(c, in); pages.HasMorePages(); {
		ats = append(ats, sortKeys(must[*sdk.ScanOutput](t)(pages.NextPage(t.Context())).Items, "pos")...)
	}
	slices.SortFunc(ats, func(a, b any) int { return a.(int) - b.(int) })
	wantSame(t, []any{2, 4}, ats)

	_, err := c.PutItem(t.Context(), &sdk.PutItemInput{TableName: text("things"), Item: item(plain{"id": "x", "pos": 9, "kind": 1})})
	wantFailure(t, err, invalid+"One or more parameter values were invalid: Type mismatch for Index Key kind Expected: S Actual: N IndexName: by-kind")
	_, err = c.PutItem(t.Context(), &sdk.PutItemInput{TableName: text("things"), Item: item(plain{"id": "x", "pos": 9, "kind": ""})})
	wantFailure(t, err, invalid+"One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: by-kind, IndexKey: kind")
}

// TestPathsIntoKeys names parts of key attributes, which have none (dynalite's getItem.js, scan.js, query.js and
// updateItem.js, which also run against AWS).
func TestPathsIntoKeys(t *testing.T) {
	service, c := start(t)
	table(t, c, "things", "id:S", global("by-kind", "kind:S", projectAll))
	for _, test := range []struct{ operation, members, key string }{
		{"GetItem", `"Key":{"id":{"S":"x"}},"ProjectionExpression":"a, id[0]"`, "Key: id"},
		{"GetItem", `"Key":{"id":{"S":"x"}},"ProjectionExpression":"kind.a"`, "IndexKey: kind"},
		{"Scan", `"FilterExpression":"attribute_exists(a.b) AND attribute_exists(id.b)"`, "Key: id"},
		{"Scan", `"ProjectionExpression":"kind[1]"`, "IndexKey: kind"},
		{"Query", `"KeyConditionExpression":"id = :x","FilterExpression":"kind.a = :x","ExpressionAttributeValues":{":x":{"S":"x"}}`, "IndexKey: kind"},
		{"UpdateItem", `"Key":{"id":{"S":"x"}},"UpdateExpression":"REMOVE kind.a"`, "IndexKey: kind"},
		{"UpdateItem", `"Key":{"id":{"S":"x"}},"UpdateExpression":"SET a = id.b"`, "Key: id"},
	} {
		want := "ValidationException: Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: " + test.key
		if got := send(service, test.operation, `{"TableName":"things",`+test.members+`}`); got != want {
			t.Errorf("%s %s\n got %s\nwant %s", test.operation, test.members, got, want)
		}
	}
}
