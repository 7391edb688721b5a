package dynamodb_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func TestTimeToLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct()
		table(t, c, "things", "id:S", global("by-kind", "kind:S", projectAll))
		now := time.Now().Unix()
		in := func(after time.Duration) num { return num(fmt.Sprint(now + int64(after/time.Second))) }
		put(t, c, "things", plain{"id": "hour", "kind": "a", "until": in(time.Hour)}, plain{"id": "day", "kind": "a", "until": in(24 * time.Hour)},
			plain{"id": "text", "until": string(in(time.Hour))}, plain{"id": "never"}, plain{"id": "ancient", "until": 5}, plain{"id": "past", "until": in(-time.Hour)})
		enable := func(attribute string, on bool) error {
			_, err := c.UpdateTimeToLive(t.Context(), &sdk.UpdateTimeToLiveInput{TableName: text("things"), TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: &attribute, Enabled: &on}})
			return err
		}
		items := func(want int) {
			t.Helper()
			wantSame(t, want, len(must[*sdk.ScanOutput](t)(c.Scan(t.Context(), &sdk.ScanInput{TableName: text("things")})).Items))
			d := must[*sdk.DescribeTableOutput](t)(c.DescribeTable(t.Context(), &sdk.DescribeTableInput{TableName: text("things")}))
			wantSame(t, int64(want), *d.Table.ItemCount)
		}
		items(6)
		wantFailure(t, enable("until", false), invalid+"TimeToLive is already disabled")
		wantFailure(t, enable("until", true), "")
		wantFailure(t, enable("until", true), invalid+"TimeToLive is already enabled")
		wantFailure(t, enable("other", true), invalid+"TimeToLive is active on a different AttributeName: current AttributeName is until")
		d := must[*sdk.DescribeTimeToLiveOutput](t)(c.DescribeTimeToLive(t.Context(), &sdk.DescribeTimeToLiveInput{TableName: text("things")}))
		wantSame(t, "ENABLED until", fmt.Sprint(d.TimeToLiveDescription.TimeToLiveStatus, " ", *d.TimeToLiveDescription.AttributeName))
		items(5)
		time.Sleep(time.Hour - time.Second)
		items(5)
		time.Sleep(time.Second)
		items(4)
		wantSame(t, plain(nil), get(t, c, "things", plain{"id": "hour"}))
		out := must[*sdk.QueryOutput](t)(c.Query(t.Context(), &sdk.QueryInput{TableName: text("things"), IndexName: text("by-kind"), KeyConditionExpression: text("kind = :a"), ExpressionAttributeValues: item(plain{":a": "a"})}))
		wantSame(t, []any{"day"}, sortKeys(out.Items, "id"))
		put(t, c, "things", plain{"id": "day", "until": in(48 * time.Hour)}) // a later time replaces the first
		time.Sleep(24 * time.Hour)
		items(4)
		wantFailure(t, enable("until", false), "")
		time.Sleep(24 * time.Hour)
		items(4)
	})
}
