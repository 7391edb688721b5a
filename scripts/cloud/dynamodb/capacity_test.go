package dynamodb_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"example.com/localcloud/dynamodb"
	"example.com/localcloud/wire"
)

func TestConsumedCapacity(t *testing.T) {
	_, c := start(t)
	ctx := t.Context()
	table(t, c, "things", "id:S", global("by-kind", "kind:S", projectKeys))
	kb := func(n int) string { return strings.Repeat("x", n<<10-20) }
	p := func(size int, kind string) attrs { return item(plain{"id": "x", "kind": kind, "text": kb(size)}) }
	units := func(c *types.ConsumedCapacity, err error) []float64 {
		t.Helper()
		if err != nil {
			t.Fatal(failure(err))
		}
		all := []float64{*c.CapacityUnits, *c.Table.CapacityUnits}
		if x, ok := c.GlobalSecondaryIndexes["by-kind"]; ok {
			all = append(all, *x.CapacityUnits)
		}
		return all
	}
	put := func(p attrs) []float64 {
		out, err := c.PutItem(ctx, &sdk.PutItemInput{TableName: text("things"), Item: p, ReturnConsumedCapacity: "INDEXES"})
		return units(out.ConsumedCapacity, err)
	}
	wantSame(t, []float64{4, 3, 1}, put(p(3, "a")))
	wantSame(t, []float64{3, 3}, put(p(1, "a"))) // the larger of old and new; the index holds no text
	wantSame(t, []float64{7, 5, 2}, put(p(5, "b")))
	get := func(consistent bool) []float64 {
		out, err := c.GetItem(ctx, &sdk.GetItemInput{TableName: text("things"), Key: item(plain{"id": "x"}), ConsistentRead: &consistent, ReturnConsumedCapacity: "INDEXES"})
		return units(out.ConsumedCapacity, err)
	}
	wantSame(t, []float64{2, 2}, get(true))
	wantSame(t, []float64{1, 1}, get(false))
	scan, err := c.Scan(ctx, &sdk.ScanInput{TableName: text("things"), IndexName: text("by-kind"), ReturnConsumedCapacity: "INDEXES"})
	wantSame(t, []float64{0.5, 0, 0.5}, units(scan.ConsumedCapacity, err))

	// A local index that lacks what is asked for costs a read of the table for every item, each rounded up (dynalite's
	// query.js, which also runs against AWS).
	table(t, c, "sorted", "id:S pos:N", local("by-rank", "id:S rank:N", projectKeys))
	for i := range 3 {
		must[*sdk.PutItemOutput](t)(c.PutItem(ctx, &sdk.PutItemInput{TableName: text("sorted"), Item: item(plain{"id": "x", "pos": i, "rank": i, "text": kb(1)})}))
	}
	for what, want := range map[types.Select][]float64{"ALL_ATTRIBUTES": {4, 3, 1}, "ALL_PROJECTED_ATTRIBUTES": {1, 0, 1}} {
		out := must[*sdk.QueryOutput](t)(c.Query(ctx, &sdk.QueryInput{TableName: text("sorted"), IndexName: text("by-rank"), Select: what, ConsistentRead: aws.Bool(true), ReturnConsumedCapacity: "INDEXES",
			KeyConditionExpression: text("id = :x"), ExpressionAttributeValues: item(plain{":x": "x"})})).ConsumedCapacity
		wantSame(t, want, []float64{*out.CapacityUnits, *out.Table.CapacityUnits, *out.LocalSecondaryIndexes["by-rank"].CapacityUnits})
	}

	in := &sdk.TransactWriteItemsInput{ClientRequestToken: text("t"), ReturnConsumedCapacity: "TOTAL", TransactItems: []types.TransactWriteItem{{Put: &types.Put{TableName: text("things"), Item: p(5, "b")}}}}
	first := must[*sdk.TransactWriteItemsOutput](t)(c.TransactWriteItems(ctx, in)).ConsumedCapacity[0]
	wantSame(t, []float64{10, 10}, []float64{*first.CapacityUnits, *first.WriteCapacityUnits})
	again := must[*sdk.TransactWriteItemsOutput](t)(c.TransactWriteItems(ctx, in)).ConsumedCapacity[0]
	wantSame(t, []float64{4, 4}, []float64{*again.CapacityUnits, *again.ReadCapacityUnits})
	read := must[*sdk.TransactGetItemsOutput](t)(c.TransactGetItems(ctx, &sdk.TransactGetItemsInput{ReturnConsumedCapacity: "TOTAL",
		TransactItems: []types.TransactGetItem{{Get: &types.Get{TableName: text("things"), Key: item(plain{"id": "x"})}}}})).ConsumedCapacity[0]
	wantSame(t, 4.0, *read.CapacityUnits)
	none := must[*sdk.GetItemOutput](t)(c.GetItem(ctx, &sdk.GetItemInput{TableName: text("things"), Key: item(plain{"id": "x"})}))
	if none.ConsumedCapacity != nil {
		t.Error("capacity was reported though nobody asked for it")
	}
}

// guest is a caller that may do only what is listed, each as "action resource".
type guest []string

func (guest) ARN() string { return "arn:aws:iam::000000000000:role/guest" }
func (guest) Root() bool  { return false }
func (g guest) Allowed(a wire.Access) bool {
	return slices.Contains(g, a.Action+" "+wire.Resource(a.Resource))
}

func TestAccess(t *testing.T) {
	service := dynamodb.New()
	var caller guest
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if caller != nil {
			r = r.WithContext(wire.WithCaller(r.Context(), caller))
		}
		service.Wire().ServeJSON(w, r)
	}))
	t.Cleanup(server.Close)
	c := client(server.URL, http.DefaultClient)
	table(t, c, "things", "id:S", global("by-kind", "kind:S", projectAll))
	key := item(plain{"id": "x"})
	query := func(index *string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := c.Query(ctx, &sdk.QueryInput{TableName: text("things"), IndexName: index, KeyConditionExpression: text(map[bool]string{true: "id = :v", false: "kind = :v"}[index == nil]), ExpressionAttributeValues: item(plain{":v": "x"})})
			return err
		}
	}
	things := "arn:aws:dynamodb:us-east-1:000000000000:table/things"
	for _, test := range []struct {
		needs []string
		call  func(context.Context) error
	}{
		{[]string{"dynamodb:PutItem table/things"}, func(ctx context.Context) error {
			_, err := c.PutItem(ctx, &sdk.PutItemInput{TableName: &things, Item: key})
			return err
		}},
		{[]string{"dynamodb:GetItem table/things"}, func(ctx context.Context) error {
			_, err := c.GetItem(ctx, &sdk.GetItemInput{TableName: text("things"), Key: key})
			return err
		}},
		{[]string{"dynamodb:Query table/things"}, query(nil)},
		{[]string{"dynamodb:Query table/things/index/by-kind"}, query(text("by-kind"))},
		{[]string{"dynamodb:PutItem table/things", "dynamodb:UpdateItem table/things", "dynamodb:DeleteItem table/things", "dynamodb:ConditionCheckItem table/things"}, func(ctx context.Context) error {
			_, err := c.TransactWriteItems(ctx, &sdk.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{putting(plain{"id": "1"}), updating("2", "SET a = :v", 1), deleting("3"), checking("4", "attribute_not_exists(id)")}})
			return err
		}},
		{[]string{"dynamodb:GetItem table/things"}, func(ctx context.Context) error {
			_, err := c.TransactGetItems(ctx, &sdk.TransactGetItemsInput{TransactItems: []types.TransactGetItem{{Get: &types.Get{TableName: text("things"), Key: key}}}})
			return err
		}},
		{[]string{"dynamodb:BatchWriteItem table/things"}, func(ctx context.Context) error {
			_, err := c.BatchWriteItem(ctx, &sdk.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{"things": {{PutRequest: &types.PutRequest{Item: key}}}}})
			return err
		}},
		{[]string{"dynamodb:ListTables *"}, func(ctx context.Context) error {
			_, err := c.ListTables(ctx, &sdk.ListTablesInput{Limit: aws.Int32(1)})
			return err
		}},
	} {
		caller = test.needs
		wantFailure(t, test.call(t.Context()), "")
		for i, missing := range test.needs {
			caller = slices.Delete(slices.Clone(test.needs), i, i+1)
			action, _, _ := strings.Cut(missing, " ")
			if got := failure(test.call(t.Context())); !strings.HasPrefix(got, "AccessDeniedException: ") || !strings.Contains(got, "perform: "+action+" on resource") {
				t.Errorf("without %s: %s", missing, got)
			}
		}
	}
}
