package dynamodb_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"example.com/localcloud/dynamodb"
)

// putting, deleting, checking and updating return a transaction action on the table "things".
func putting(p plain, condition ...string) types.TransactWriteItem {
	return types.TransactWriteItem{Put: &types.Put{TableName: text("things"), Item: item(p), ConditionExpression: text(strings.Join(condition, ""))}}
}

func deleting(id string, condition ...string) types.TransactWriteItem {
	return types.TransactWriteItem{Delete: &types.Delete{TableName: text("things"), Key: item(plain{"id": id}), ConditionExpression: text(strings.Join(condition, ""))}}
}

func checking(id, condition string) types.TransactWriteItem {
	return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{TableName: text("things"), Key: item(plain{"id": id}),
		ConditionExpression: &condition, ReturnValuesOnConditionCheckFailure: "ALL_OLD"}}
}

func updating(id, update string, v any) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{TableName: text("things"), Key: item(plain{"id": id}),
		UpdateExpression: &update, ExpressionAttributeValues: item(plain{":v": v})}}
}

func transact(t *testing.T, c *sdk.Client, items ...types.TransactWriteItem) error {
	_, err := c.TransactWriteItems(t.Context(), &sdk.TransactWriteItemsInput{TransactItems: items})
	return err
}

func TestTransactWriteItems(t *testing.T) {
	const (
		canceled = "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons "
		failed   = "ConditionalCheckFailed|The conditional request failed"
		badKey   = "ValidationError|The provided key element does not match the schema"
	)
	before := []plain{{"id": "a", "n": 1}, {"id": "b", "n": 2}}
	many := make([]types.TransactWriteItem, 101)
	for i := range many {
		many[i] = putting(plain{"id": fmt.Sprint(i)})
	}
	big := strings.Repeat("x", 390<<10)
	cases := []struct {
		name    string
		items   []types.TransactWriteItem
		want    []plain // items a, b and c if the transaction succeeds
		failure string
		reasons []string // "None" or "Code|Message|n of the item"
	}{
		{name: "all kinds", items: []types.TransactWriteItem{putting(plain{"id": "c"}, "attribute_not_exists(id)"), updating("a", "SET n = n + :v", 5), deleting("b", "attribute_exists(n)")},
			want: []plain{{"id": "a", "n": 6}, nil, {"id": "c"}}},
		{name: "a check", items: []types.TransactWriteItem{checking("a", "attribute_exists(id)"), deleting("c"), putting(plain{"id": "b"})}, want: []plain{{"id": "a", "n": 1}, {"id": "b"}, nil}},
		{name: "reasons in order", items: []types.TransactWriteItem{putting(plain{"id": "c"}), checking("a", "attribute_not_exists(id)"), deleting("b"), checking("d", "attribute_exists(id)")},
			failure: canceled + "[None, ConditionalCheckFailed, None, ConditionalCheckFailed]", reasons: []string{"None", failed + "|1", "None", failed}},
		{name: "invalid update", items: []types.TransactWriteItem{putting(plain{"id": "c"}), updating("a", "SET n = n + z, m = :v", 1)},
			failure: canceled + "[None, ValidationError]", reasons: []string{"None", "ValidationError|The provided expression refers to an attribute that does not exist in the item"}},
		{name: "invalid key", items: []types.TransactWriteItem{putting(plain{"no": "id"}), {Delete: &types.Delete{TableName: text("things"), Key: item(plain{"id": 1})}}},
			failure: canceled + "[ValidationError, None]", reasons: []string{"ValidationError|One or more parameter values were invalid: Missing the key id in the item", "None"}},
		{name: "invalid key after a failed condition", items: []types.TransactWriteItem{checking("a", "attribute_not_exists(id)"), {Delete: &types.Delete{TableName: text("things"), Key: item(plain{"id": 1})}}},
			failure: canceled + "[None, ValidationError]", reasons: []string{"None", badKey}},
		{name: "one item twice", items: []types.TransactWriteItem{checking("a", "attribute_exists(id)"), deleting("a")}, failure: invalid + "Transaction request cannot include multiple operations on one item"},
		{name: "no table", items: []types.TransactWriteItem{putting(plain{"id": "c"}), {Delete: &types.Delete{TableName: text("missing"), Key: item(plain{"id": "c"})}}}, failure: "ResourceNotFoundException: Requested resource not found"},
		{name: "syntax", items: []types.TransactWriteItem{putting(plain{"id": "c"}), checking("a", "nonsense")}, failure: invalid + `Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "nonsense"`},
		{name: "too many", items: many, failure: invalid + "1 validation error detected: Value '[101 actions]' at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to 100"},
		{name: "none", items: many[:0], failure: invalid + "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1"},
		{name: "too large", items: []types.TransactWriteItem{large("1", big), large("2", big), large("3", big), large("4", big), large("5", big), large("6", big), large("7", big), large("8", big), large("9", big), large("c", big), large("11", big)}, failure: invalid + "Transaction request size cannot exceed 4 MB: the aggregate size of its items is larger"},
		{name: "two in one", items: []types.TransactWriteItem{{Put: putting(plain{"id": "c"}).Put, Delete: deleting("c").Delete}}, failure: invalid + "TransactItems can only contain one of Check, Put, Update or Delete"},
		{name: "nothing in one", items: []types.TransactWriteItem{{}}, failure: invalid + "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request"},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			_, c := start(t)
			table(t, c, "things", "id:S")
			put(t, c, "things", before...)
			err := transact(t, c, test.items...)
			wantFailure(t, err, test.failure)
			wantSame(t, test.reasons, reasons(err))
			want := test.want
			if test.failure != "" {
				want = []plain{before[0], before[1], nil}
			}
			for i, id := range []string{"a", "b", "c"} {
				wantSame(t, want[i], get(t, c, "things", plain{"id": id}))
			}
		})
	}
}

func large(id, text string) types.TransactWriteItem { return putting(plain{"id": id, "text": text}) }

// reasons returns why a transaction was cancelled.
func reasons(err error) []string {
	canceled, ok := as[*types.TransactionCanceledException](err)
	if !ok {
		return nil
	}
	var all []string
	for _, r := range canceled.CancellationReasons {
		one := aws.ToString(r.Code)
		if r.Message != nil {
			one += "|" + *r.Message
		}
		if n, ok := r.Item["n"]; ok {
			one += fmt.Sprintf("|%v", unvalue(n))
		}
		all = append(all, one)
	}
	return all
}

func TestClientTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct()
		table(t, c, "things", "id:S")
		add := func(token string, n int) error {
			_, err := c.TransactWriteItems(t.Context(), &sdk.TransactWriteItemsInput{ClientRequestToken: &token,
				TransactItems: []types.TransactWriteItem{updating("a", "ADD n :v", n)}})
			return err
		}
		sum := func(want int) {
			t.Helper()
			wantSame(t, plain{"id": "a", "n": want}, get(t, c, "things", plain{"id": "a"}))
		}
		wantFailure(t, add("one", 1), "")
		wantFailure(t, add("one", 1), "")
		sum(1)
		wantFailure(t, add("two", 1), "")
		sum(2)
		time.Sleep(10*time.Minute - time.Second)
		wantFailure(t, add("one", 5), "IdempotentParameterMismatchException: The request uses the same client token as a previous, but non-identical request. Do not reuse a client token with different requests, unless the requests are identical")
		wantFailure(t, add("one", 1), "")
		sum(2)
		time.Sleep(time.Second)
		wantFailure(t, add("one", 5), "")
		sum(7)
	})
}

func TestFailedTransactionsKeepNoToken(t *testing.T) {
	_, c := start(t)
	table(t, c, "things", "id:S")
	in := &sdk.TransactWriteItemsInput{ClientRequestToken: text("one"), TransactItems: []types.TransactWriteItem{deleting("a", "attribute_exists(id)")}}
	for range 2 {
		_, err := c.TransactWriteItems(t.Context(), in)
		wantSame(t, []string{"ConditionalCheckFailed|The conditional request failed"}, reasons(err))
	}
	put(t, c, "things", plain{"id": "a"})
	_, err := c.TransactWriteItems(t.Context(), in)
	wantFailure(t, err, "")
}

func TestTransactGetItems(t *testing.T) {
	_, c := start(t)
	table(t, c, "things", "id:S")
	table(t, c, "others", "id:S at:N")
	put(t, c, "things", plain{"id": "a", "n": 1, "m": 2})
	put(t, c, "others", plain{"id": "a", "at": 1})
	getting := func(table string, key plain, projection string) types.TransactGetItem {
		return types.TransactGetItem{Get: &types.Get{TableName: &table, Key: item(key), ProjectionExpression: text(projection)}}
	}
	for _, test := range []struct {
		items   []types.TransactGetItem
		want    []plain
		failure string
	}{
		{[]types.TransactGetItem{getting("others", plain{"id": "a", "at": 1}, ""), getting("things", plain{"id": "z"}, ""), getting("things", plain{"id": "a"}, "n")}, []plain{{"id": "a", "at": 1}, nil, {"n": 1}}, ""},
		{[]types.TransactGetItem{getting("things", plain{"id": "a"}, ""), getting("things", plain{"id": 1}, "")}, nil, "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons [None, ValidationError]"},
		{[]types.TransactGetItem{getting("things", plain{"id": "a"}, ""), getting("things", plain{"id": "a"}, "")}, nil, invalid + "Transaction request cannot include multiple operations on one item"},
		{[]types.TransactGetItem{getting("missing", plain{"id": "a"}, "")}, nil, "ResourceNotFoundException: Requested resource not found"},
		{[]types.TransactGetItem{getting("things", plain{"id": "a"}, "n,")}, nil, invalid + `Invalid ProjectionExpression: Syntax error; token: "<EOF>", near: ","`},
	} {
		out, err := c.TransactGetItems(t.Context(), &sdk.TransactGetItemsInput{TransactItems: test.items})
		wantFailure(t, err, test.failure)
		if err != nil {
			continue
		}
		var got []plain
		for _, r := range out.Responses {
			got = append(got, unitem(r.Item))
		}
		wantSame(t, test.want, got)
	}
}

// TestConcurrentTransactions moves amounts between items from many clients. No amount may get lost, and no reader may
// see a half-done transaction.
func TestConcurrentTransactions(t *testing.T) {
	_, c := start(t)
	table(t, c, "things", "id:S")
	put(t, c, "things", plain{"id": "a", "n": 100}, plain{"id": "b", "n": 100})
	var clients sync.WaitGroup
	for i := range 4 {
		from, to := "a", "b"
		if i%2 == 1 {
			from, to = to, from
		}
		clients.Go(func() {
			for range 50 {
				if err := transact(t, c, updating(from, "ADD n :v", -1), updating(to, "ADD n :v", 1)); err != nil {
					t.Error(failure(err))
				}
			}
		})
		clients.Go(func() {
			for range 50 {
				out, err := c.Scan(t.Context(), &sdk.ScanInput{TableName: text("things")})
				if err != nil {
					t.Error(failure(err))
					return
				}
				if sum := unitem(out.Items[0])["n"].(int) + unitem(out.Items[1])["n"].(int); sum != 200 {
					t.Errorf("a reader saw the sum %d", sum)
				}
			}
		})
	}
	clients.Wait()
	wantSame(t, plain{"id": "a", "n": 100}, get(t, c, "things", plain{"id": "a"}))
}

func TestInjectedConflicts(t *testing.T) {
	service, c := start(t)
	table(t, c, "things", "id:S")
	service.Conflict = func(table string, key dynamodb.Item) bool {
		return table == "things" && key["id"] == dynamodb.String("busy")
	}
	const ongoing = "TransactionConflict|Transaction is ongoing for the item"
	wantSame(t, []string{"None", ongoing}, reasons(transact(t, c, putting(plain{"id": "free"}), putting(plain{"id": "busy"}))))
	_, err := c.PutItem(t.Context(), &sdk.PutItemInput{TableName: text("things"), Item: item(plain{"id": "busy"})})
	wantFailure(t, err, "TransactionConflictException: Transaction is ongoing for the item")
	_, err = c.TransactGetItems(t.Context(), &sdk.TransactGetItemsInput{TransactItems: []types.TransactGetItem{{Get: &types.Get{TableName: text("things"), Key: item(plain{"id": "busy"})}}}})
	wantSame(t, []string{ongoing}, reasons(err))
	wantSame(t, plain(nil), get(t, c, "things", plain{"id": "busy"}))
}
