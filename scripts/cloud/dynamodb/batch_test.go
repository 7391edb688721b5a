package dynamodb_test

import (
	"fmt"
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func TestBatches(t *testing.T) {
	_, c := start(t)
	table(t, c, "things", "id:S")
	table(t, c, "others", "id:S pos:N")
	put(t, c, "things", plain{"id": "old"})
	puts := func(n int, text string) (all []types.WriteRequest) {
		for i := range n {
			all = append(all, types.WriteRequest{PutRequest: &types.PutRequest{Item: item(plain{"id": fmt.Sprint(i), "text": text})}})
		}
		return all
	}
	write := func(requests map[string][]types.WriteRequest) error {
		_, err := c.BatchWriteItem(t.Context(), &sdk.BatchWriteItemInput{RequestItems: requests})
		return err
	}
	read := func(table string, keys ...plain) (*sdk.BatchGetItemOutput, error) {
		request := types.KeysAndAttributes{}
		for _, key := range keys {
			request.Keys = append(request.Keys, item(key))
		}
		return c.BatchGetItem(t.Context(), &sdk.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{table: request}})
	}
	del := types.WriteRequest{DeleteRequest: &types.DeleteRequest{Key: item(plain{"id": "old"})}}
	wantFailure(t, write(map[string][]types.WriteRequest{"things": append(puts(23, "x"), del), "others": {{PutRequest: &types.PutRequest{Item: item(plain{"id": "x", "pos": 1})}}}}), "")
	out := must[*sdk.BatchGetItemOutput](t)(read("things", plain{"id": "3"}, plain{"id": "old"}, plain{"id": "22"}))
	wantSame(t, []plain{{"id": "3", "text": "x"}, {"id": "22", "text": "x"}}, unitems(out.Responses["things"]))
	wantSame(t, plain{"id": "x", "pos": 1}, get(t, c, "others", plain{"id": "x", "pos": 1}))

	wantFailure(t, write(map[string][]types.WriteRequest{"things": puts(26, "x")}), invalid+"1 validation error detected: Value '{things=[26 requests]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]")
	wantFailure(t, write(map[string][]types.WriteRequest{"things": puts(20, "x"), "others": puts(6, "x")}), invalid+"Too many items requested for the BatchWriteItem call")
	wantFailure(t, write(map[string][]types.WriteRequest{"things": puts(20, "x"), "others": {}}), invalid+"1 validation error detected: Value '{others=[0 requests]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]")
	wantFailure(t, write(map[string][]types.WriteRequest{}), invalid+"The requestItems parameter is required for BatchWriteItem")
	huge := types.WriteRequest{PutRequest: &types.PutRequest{Item: item(plain{"id": "x", "text": strings.Repeat("x", 400<<10)})}}
	wantFailure(t, write(map[string][]types.WriteRequest{"missing": {huge}}), invalid+"Item size has exceeded the maximum allowed size")
	wantFailure(t, write(map[string][]types.WriteRequest{"things": append(puts(1, "y"), puts(1, "z")...)}), invalid+"Provided list of item keys contains duplicates")
	wantFailure(t, write(map[string][]types.WriteRequest{"things": append(puts(1, "y"), types.WriteRequest{})}), invalid+"A write request must have exactly one of PutRequest and DeleteRequest")
	wantFailure(t, write(map[string][]types.WriteRequest{"missing": puts(1, "y")}), "ResourceNotFoundException: Requested resource not found")
	wantSame(t, plain{"id": "0", "text": "x"}, get(t, c, "things", plain{"id": "0"}))

	_, err := read("things", plain{"id": "1"}, plain{"id": "1"})
	wantFailure(t, err, invalid+"Provided list of item keys contains duplicates")
	_, err = read("things", plain{"id": 1})
	wantFailure(t, err, invalid+"The provided key element does not match the schema")
	_, err = read("things", make([]plain, 101)...)
	wantFailure(t, err, invalid+"1 validation error detected: Value at 'RequestItems.things.member.Keys' failed to satisfy constraint: Member must have length less than or equal to 100")
	_, err = c.BatchGetItem(t.Context(), &sdk.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{}})
	wantFailure(t, err, invalid+"The requestItems parameter is required for BatchGetItem")

	var keys []plain
	for i := range 50 {
		keys = append(keys, plain{"id": fmt.Sprint("big", i)})
		put(t, c, "things", plain{"id": fmt.Sprint("big", i), "text": strings.Repeat("x", 380<<10)})
	}
	out = must[*sdk.BatchGetItemOutput](t)(read("things", keys...))
	wantSame(t, 50, len(out.Responses["things"])+len(out.UnprocessedKeys["things"].Keys))
	wantSame(t, 16<<20/(380<<10), len(out.Responses["things"]))
}
