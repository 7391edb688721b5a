package dynamodb_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// TestAgainstModel applies random writes to a table and to a plain map, and compares what the table, its index and
// the map return.
func TestAgainstModel(t *testing.T) {
	c := direct()
	table(t, c, "things", "id:S pos:N", global("by-kind", "kind:S score:N", projectAll))
	random, model := rand.New(rand.NewPCG(1, 2)), map[string]plain{}
	for range 1500 {
		p := plain{"id": fmt.Sprint("p", random.IntN(4)), "pos": random.IntN(40) - 20, "score": random.IntN(5)}
		name := fmt.Sprint(p["id"], p["pos"])
		key := plain{"id": p["id"], "pos": p["pos"]}
		switch random.IntN(4) {
		case 0:
			must[*sdk.DeleteItemOutput](t)(c.DeleteItem(t.Context(), &sdk.DeleteItemInput{TableName: text("things"), Key: item(key)}))
			delete(model, name)
		case 1:
			must[*sdk.UpdateItemOutput](t)(c.UpdateItem(t.Context(), &sdk.UpdateItemInput{TableName: text("things"), Key: item(key), UpdateExpression: text("ADD score :v"), ExpressionAttributeValues: item(plain{":v": 1})}))
			if model[name] == nil {
				model[name] = plain{"id": p["id"], "pos": p["pos"], "score": 0}
			}
			model[name] = maps.Clone(model[name])
			model[name]["score"] = model[name]["score"].(int) + 1
		default:
			if random.IntN(3) > 0 {
				p["kind"] = fmt.Sprint("k", random.IntN(2))
			}
			put(t, c, "things", p)
			model[name] = p
		}
	}
	for _, id := range []string{"p0", "p1", "p2", "p3", "p4"} {
		want := where(model, "id", id)
		got := all(t, c, &sdk.QueryInput{KeyConditionExpression: text("id = :v"), ExpressionAttributeValues: item(plain{":v": id})})
		wantSame(t, want, got)
	}
	for _, kind := range []string{"k0", "k1"} {
		got := all(t, c, &sdk.QueryInput{IndexName: text("by-kind"), KeyConditionExpression: text("kind = :v"), ExpressionAttributeValues: item(plain{":v": kind})})
		for i, p := range got[1:] {
			if p["score"].(int) < got[i]["score"].(int) {
				t.Errorf("%v comes before %v", got[i], p)
			}
		}
		slices.SortFunc(got, byKey)
		wantSame(t, where(model, "kind", kind), got)
	}
}

// where returns the model's items with a value, in the order of the table's keys.
func where(model map[string]plain, name string, v any) []plain {
	var found []plain
	for _, p := range model {
		if p[name] == v {
			found = append(found, p)
		}
	}
	slices.SortFunc(found, byKey)
	return found
}

func byKey(a, b plain) int {
	return cmp.Or(cmp.Compare(a["id"].(string), b["id"].(string)), cmp.Compare(a["pos"].(int), b["pos"].(int)))
}

// all reads every page of a query, a few items at a time.
func all(t *testing.T, c *sdk.Client, in *sdk.QueryInput) []plain {
	t.Helper()
	in.TableName, in.Limit = text("things"), aws.Int32(7)
	var found []plain
	for pages := sdk.NewQueryPaginator(c, in); pages.HasMorePages(); {
		found = append(found, unitems(must[*sdk.QueryOutput](t)(pages.NextPage(t.Context())).Items)...)
	}
	return found
}
