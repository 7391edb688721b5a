package dynamodb_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// fill creates a table "things" with 3 partitions of 10 items each.
func fill(t testing.TB, c *sdk.Client, change ...func(*sdk.CreateTableInput)) {
	t.Helper()
	table(t, c, "things", "id:S pos:N", change...)
	for i := range 30 {
		put(t, c, "things", plain{"id": fmt.Sprint("p", i%3), "pos": i / 3, "even": i/3%2 == 0, "all": "x", "score": 30 - i})
	}
}

func TestPages(t *testing.T) {
	_, c := start(t)
	fill(t, c)
	for _, forward := range []bool{true, false} {
		for _, limit := range []int32{1, 3, 10, 11} {
			in := &sdk.QueryInput{TableName: text("things"), KeyConditionExpression: text("id = :id AND pos > :zero"), Limit: &limit, ScanIndexForward: &forward,
				FilterExpression: text("even = :yes"), ExpressionAttributeValues: item(plain{":id": "p1", ":zero": 0, ":yes": true})}
			var got []any
			scanned := 0
			for pages := sdk.NewQueryPaginator(c, in); pages.HasMorePages(); {
				page := must[*sdk.QueryOutput](t)(pages.NextPage(t.Context()))
				if page.ScannedCount > limit || int(page.Count) != len(page.Items) {
					t.Errorf("a page with %d of %d items under the limit %d", page.Count, page.ScannedCount, limit)
				}
				got, scanned = append(got, sortKeys(page.Items, "pos")...), scanned+int(page.ScannedCount)
			}
			want := []any{2, 4, 6, 8}
			if !forward {
				slices.Reverse(want)
			}
			wantSame(t, want, got)
			wantSame(t, 9, scanned)
		}
	}
}

func TestPagesEndAtOneMegabyte(t *testing.T) {
	_, c := start(t)
	table(t, c, "things", "id:S pos:N")
	for i := range 7 {
		put(t, c, "things", plain{"id": "x", "pos": i, "text": strings.Repeat("x", 300<<10)})
	}
	var sizes []int
	in := &sdk.ScanInput{TableName: text("things"), ProjectionExpression: text("pos")}
	for pages := sdk.NewScanPaginator(c, in); pages.HasMorePages(); {
		sizes = append(sizes, len(must[*sdk.ScanOutput](t)(pages.NextPage(t.Context())).Items))
	}
	wantSame(t, []int{3, 3, 1}, sizes)
}

func TestParallelScan(t *testing.T) {
	_, c := start(t)
	table(t, c, "things", "id:S")
	for i := range 100 {
		put(t, c, "things", plain{"id": fmt.Sprint(i)})
	}
	seen := map[any]int{}
	for segment := range int32(3) {
		in := &sdk.ScanInput{TableName: text("things"), Segment: &segment, TotalSegments: aws.Int32(3), Limit: aws.Int32(7)}
		found := 0
		for pages := sdk.NewScanPaginator(c, in); pages.HasMorePages(); {
			for _, id := range sortKeys(must[*sdk.ScanOutput](t)(pages.NextPage(t.Context())).Items, "id") {
				seen[id]++
				found++
			}
		}
		if found < 15 {
			t.Errorf("segment %d has %d of 100 items", segment, found)
		}
	}
	for id, times := range seen {
		if times != 1 {
			t.Errorf("item %v was in %d segments", id, times)
		}
	}
	wantSame(t, 100, len(seen))
}
