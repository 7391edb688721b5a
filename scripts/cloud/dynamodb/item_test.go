package dynamodb_test

import (
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func TestValuesComeBack(t *testing.T) {
	_, c := start(t)
	table(t, c, "things", "id:S")
	everything := plain{
		"id": "x", "text": "a\u00e9\u2028<&>\"\n", "empty": "", "bytes": []byte{0, 255}, "none": nil, "yes": true, "no": false,
		"ss": []string{"", "b"}, "ns": nset{"-1", "2"}, "bs": bset{[]byte("a"), []byte("b")}, "l": []any{}, "m": plain{"": plain{}, "deep": nest(31)},
	}
	put(t, c, "things", everything)
	wantSame(t, everything, get(t, c, "things", plain{"id": "x"}))
	wantSame(t, plain(nil), get(t, c, "things", plain{"id": "y"}))
}

func TestReturnValues(t *testing.T) {
	_, c := start(t)
	table(t, c, "things", "id:S")
	old := plain{"id": "x", "a": 1, "m": plain{"p": 1, "q": 2}}
	const update = "SET a = :v, m.p = :v, b = :v REMOVE m.q"
	for _, test := range []struct {
		values types.ReturnValue
		exists bool
		want   plain
	}{
		{"", true, nil},
		{"NONE", true, nil},
		{"ALL_OLD", true, old},
		{"ALL_NEW", true, plain{"id": "x", "a": 9, "b": 9, "m": plain{"p": 9}}},
		{"UPDATED_OLD", true, plain{"a": 1, "m": plain{"p": 1, "q": 2}}},
		{"UPDATED_NEW", true, plain{"a": 9, "b": 9, "m": plain{"p": 9}}},
		{"ALL_OLD", false, nil},
		{"UPDATED_OLD", false, nil},
	} {
		key, change := item(plain{"id": "x"}), update
		put(t, c, "things", old)
		if !test.exists {
			key, change = item(plain{"id": "y" + string(test.values)}), "SET a = :v"
		}
		out, err := c.UpdateItem(t.Context(), &sdk.UpdateItemInput{TableName: text("things"), Key: key, UpdateExpression: &change,
			ExpressionAttributeValues: item(plain{":v": 9}), ReturnValues: test.values})
		wantFailure(t, err, "")
		wantSame(t, test.want, unitem(out.Attributes))
	}
	put(t, c, "things", old)
	replaced := must[*sdk.PutItemOutput](t)(c.PutItem(t.Context(), &sdk.PutItemInput{TableName: text("things"), Item: item(plain{"id": "x"}), ReturnValues: "ALL_OLD"}))
	wantSame(t, old, unitem(replaced.Attributes))
	gone := must[*sdk.DeleteItemOutput](t)(c.DeleteItem(t.Context(), &sdk.DeleteItemInput{TableName: text("things"), Key: item(plain{"id": "x"}), ReturnValues: "ALL_OLD"}))
	wantSame(t, plain{"id": "x"}, unitem(gone.Attributes))
	wantSame(t, plain(nil), get(t, c, "things", plain{"id": "x"}))
	again := must[*sdk.DeleteItemOutput](t)(c.DeleteItem(t.Context(), &sdk.DeleteItemInput{TableName: text("things"), Key: item(plain{"id": "x"}), ReturnValues: "ALL_OLD"}))
	wantSame(t, plain(nil), unitem(again.Attributes))
	_, err := c.PutItem(t.Context(), &sdk.PutItemInput{TableName: text("things"), Item: item(old), ReturnValues: "ALL_NEW"})
	wantFailure(t, err, invalid+"Return values set to invalid value")
	_, err = c.DeleteItem(t.Context(), &sdk.DeleteItemInput{TableName: text("things"), Key: item(plain{"id": "x"}), ReturnValues: "DOG"})
	wantFailure(t, err, invalid+"1 validation error detected: Value 'DOG' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]")
}

func TestFailedConditionShowsTheItem(t *testing.T) {
	_, c := start(t)
	table(t, c, "things", "id:S")
	old := plain{"id": "x", "a": 1}
	put(t, c, "things", old)
	for show, want := range map[types.ReturnValuesOnConditionCheckFailure]plain{"ALL_OLD": old, "NONE": nil, "": nil} {
		_, err := c.PutItem(t.Context(), &sdk.PutItemInput{TableName: text("things"), Item: item(plain{"id": "x"}),
			ConditionExpression: text("attribute_not_exists(id)"), ReturnValuesOnConditionCheckFailure: show})
		failed, ok := as[*types.ConditionalCheckFailedException](err)
		if !ok {
			t.Fatal(failure(err))
		}
		wantSame(t, want, unitem(failed.Item))
	}
	wantSame(t, old, get(t, c, "things", plain{"id": "x"}))
}

func TestKeysAreChecked(t *testing.T) {
	_, c := start(t)
	table(t, c, "plain", "id:S")
	table(t, c, "sorted", "id:S at:B")
	const parameter = invalid + "One or more parameter values were invalid: "
	const notSchema = invalid + "The provided key element does not match the schema"
	emptyValue := func(kind, key string) string {
		return invalid + "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty " + kind + " value. Key: " + key
	}
	long := strings.Repeat("x", 2049)
	for _, test := range []struct {
		table          string
		item           plain
		onPut, onOther string
	}{
		{"plain", plain{"a": 1}, parameter + "Missing the key id in the item", notSchema},
		{"sorted", plain{"id": "x"}, parameter + "Missing the key at in the item", notSchema},
		{"plain", plain{"id": 1}, parameter + "Type mismatch for key id expected: S actual: N", notSchema},
		{"plain", plain{"id": ""}, emptyValue("string", "id"), emptyValue("string", "id")},
		{"sorted", plain{"id": "x", "at": []byte{}}, emptyValue("binary", "at"), emptyValue("binary", "at")},
		{"plain", plain{"id": long}, parameter + "Size of hashkey has exceeded the maximum size limit of2048 bytes", parameter + "Size of hashkey has exceeded the maximum size limit of2048 bytes"},
		{"sorted", plain{"id": "x", "at": []byte(long[:1025])}, parameter + "Aggregated size of all range keys has exceeded the size limit of 1024 bytes", parameter + "Aggregated size of all range keys has exceeded the size limit of 1024 bytes"},
		{"plain", plain{"id": "x", "extra": 1}, "", notSchema},
		{"sorted", plain{"id": long[:2048], "at": []byte(long[:1024])}, "", ""},
		{"missing", plain{"id": "x"}, "ResourceNotFoundException: Requested resource not found", "ResourceNotFoundException: Requested resource not found"},
	} {
		_, err := c.PutItem(t.Context(), &sdk.PutItemInput{TableName: &test.table, Item: item(test.item)})
		wantFailure(t, err, test.onPut)
		_, err = c.GetItem(t.Context(), &sdk.GetItemInput{TableName: &test.table, Key: item(test.item)})
		wantFailure(t, err, test.onOther)
		_, err = c.DeleteItem(t.Context(), &sdk.DeleteItemInput{TableName: &test.table, Key: item(test.item)})
		wantFailure(t, err, test.onOther)
		_, err = c.UpdateItem(t.Context(), &sdk.UpdateItemInput{TableName: &test.table, Key: item(test.item)})
		wantFailure(t, err, test.onOther)
	}
}

func TestItemsAreLimited(t *testing.T) {
	_, c := start(t)
	table(t, c, "things", "id:S")
	const limit = 400<<10 - len("id") - len("x") - len("a")
	for size, want := range map[int]string{limit: "", limit + 1: invalid + "Item size has exceeded the maximum allowed size"} {
		_, err := c.PutItem(t.Context(), &sdk.PutItemInput{TableName: text("things"), Item: item(plain{"id": "x", "a": strings.Repeat("x", size)})})
		wantFailure(t, err, want)
	}
	_, err := c.PutItem(t.Context(), &sdk.PutItemInput{TableName: text("things"), Item: item(plain{"id": "x", "a": nest(40)})})
	wantFailure(t, err, invalid+"Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit")
	_, err = c.PutItem(t.Context(), &sdk.PutItemInput{TableName: text("things"), Item: item(plain{"id": "x", strings.Repeat("n", 65536): 1})})
	wantFailure(t, err, invalid+"One or more parameter values were invalid: Attribute name is too large, must be less than 65536 bytes")
	_, err = c.PutItem(t.Context(), &sdk.PutItemInput{TableName: text("things"), Item: item(plain{"id": "x", "": 1})})
	wantFailure(t, err, invalid+"One or more parameter values were invalid: Empty attribute name")
	for name, want := range map[string]string{"": "Empty attribute name", strings.Repeat("n", 65536): "Attribute name is too large, must be less than 65536 bytes"} {
		_, err = c.GetItem(t.Context(), &sdk.GetItemInput{TableName: text("things"), Key: item(plain{"id": "x"}), ProjectionExpression: text("#n"), ExpressionAttributeNames: map[string]string{"#n": name}})
		wantFailure(t, err, invalid+"ExpressionAttributeNames contains invalid value: "+want+"; key: #n")
	}
}
