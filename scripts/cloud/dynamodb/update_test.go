package dynamodb_test

import (
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

const invalid = "ValidationException: "

// TestUpdateExpressions updates {"id": "x"} with the attributes in before.
func TestUpdateExpressions(t *testing.T) {
	_, c := start(t)
	table(t, c, "things", "id:S")
	syntax := func(token, near string) string {
		return invalid + `Invalid UpdateExpression: Syntax error; token: "` + token + `", near: "` + near + `"`
	}
	const (
		badPath  = invalid + "The document path provided in the update expression is invalid for update"
		badType  = invalid + "An operand in the update expression has an incorrect data type"
		noValue  = invalid + "The provided expression refers to an attribute that does not exist in the item"
		overflow = invalid + "Number overflow. Attempting to store a number with magnitude larger than supported range"
	)
	cases := []struct {
		name    string
		before  plain
		update  string
		values  plain
		names   map[string]string
		want    plain
		failure string
	}{
		{name: "set", update: "SET a = :v, #b = :v", values: plain{":v": 1}, names: map[string]string{"#b": "size"}, want: plain{"a": 1, "size": 1}},
		{name: "any case, any space", update: " sEt\ta=:v\nreMove b", before: plain{"b": 1}, values: plain{":v": 1}, want: plain{"a": 1}},
		{name: "copy, from the item as it was", before: plain{"a": "hi"}, update: "REMOVE a SET b = a", want: plain{"b": "hi"}},
		{name: "copy nothing", update: "SET b = a", failure: noValue},
		{name: "does not see its own writes", update: "SET x = :v, y = x", values: plain{":v": 1}, failure: noValue},
		{name: "plus", before: plain{"n": 40}, update: "SET n = n + :v", values: plain{":v": 2}, want: plain{"n": 42}},
		{name: "minus, precisely", update: "SET n = :a - :b", values: plain{":a": num("10000000000000000000000"), ":b": 1}, want: plain{"n": num("9999999999999999999999")}},
		{name: "tenths", before: plain{"n": num("0.1")}, update: "SET n = n + :v", values: plain{":v": num("0.2")}, want: plain{"n": num("0.3")}},
		{name: "too large a sum", update: "SET n = :v + :v", values: plain{":v": num("9e125")}, failure: overflow},
		{name: "too precise a sum", update: "SET n = :a + :b", values: plain{":a": num("1e50"), ":b": 1}, failure: overflow},
		{name: "plus takes two", update: "SET n = :v + :v + :v", values: plain{":v": 1}, failure: syntax("+", ":v + :v")},
		{name: "plus a text", before: plain{"n": "x"}, update: "SET n = n + :v", values: plain{":v": 1}, failure: badType},
		{name: "plus a literal text", update: "SET n = :s + :v", values: plain{":v": 1, ":s": "x"}, failure: invalid + "Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: +, operand type: S"},
		{name: "parentheses", before: plain{"c": 10}, update: "SET c = (c - :v), d = (if_not_exists(d, :z) + :v), e = (c) + (:v), f = (c), g = ((c) - (:v)), h = if_not_exists((h), (c))", values: plain{":v": 3, ":z": 0}, want: plain{"c": 7, "d": 3, "e": 13, "f": 10, "g": 7, "h": 10}},
		{name: "parentheses twice", update: "SET c = ((:v - :v))", values: plain{":v": 3}, failure: invalid + "Invalid UpdateExpression: The expression has redundant parentheses;"},
		{name: "a sum within a sum", update: "SET c = (:v + :v) + :v", values: plain{":v": 3}, failure: syntax("+", ":v + :v")},
		{name: "parentheses around a path to set", update: "SET (c) = :v", values: plain{":v": 3}, failure: syntax("(", "SET (c")},
		{name: "parentheses left open", update: "SET c = (:v", values: plain{":v": 3}, failure: syntax("<EOF>", ":v")},
		{name: "if_not_exists", before: plain{"a": 1}, update: "SET a = if_not_exists(a, :v), b = if_not_exists(z, :v) + :v", values: plain{":v": 2}, want: plain{"a": 1, "b": 4}},
		{name: "if_not_exists needs a path", update: "SET a = if_not_exists(:v, :v)", values: plain{":v": 2}, failure: invalid + "Invalid UpdateExpression: Operator or function requires a document path; operator or function: if_not_exists"},
		{name: "list_append", before: plain{"l": []any{1}}, update: "SET l = list_append(l, :v), m = list_append(:v, l)", values: plain{":v": []any{2}}, want: plain{"l": []any{1, 2}, "m": []any{2, 1}}},
		{name: "list_append of what may be missing", update: "SET l = list_append(if_not_exists(l, :none), :v)", values: plain{":v": []any{2}, ":none": []any{}}, want: plain{"l": []any{2}}},
		{name: "list_append within itself", update: "SET l = list_append(list_append(:v, :v), :v)", values: plain{":v": []any{2}}, failure: invalid + "Invalid UpdateExpression: The function is not allowed to be used this way in an expression; function: list_append"},
		{name: "list_append to no list", before: plain{"l": 1}, update: "SET l = list_append(l, :v)", values: plain{":v": []any{2}}, failure: badType},
		{name: "list_append of three", update: "SET l = list_append(:v, :v, :v)", values: plain{":v": []any{2}}, failure: invalid + "Invalid UpdateExpression: Incorrect number of operands for operator or function; operator or function: list_append, number of operands: 3"},
		{name: "function in capitals", update: "SET l = LIST_APPEND(:v, :v)", values: plain{":v": []any{2}}, failure: invalid + "Invalid UpdateExpression: Invalid function name; function: LIST_APPEND"},
		{name: "function of conditions", update: "SET l = size(a)", failure: invalid + "Invalid UpdateExpression: The function is not allowed to be used this way in an expression; function: size"},
		{name: "nested", before: plain{"a": plain{"b": []any{1, plain{"c": 2}}}}, update: "SET a.b[1].c = :v, a.d = a.b[0]", values: plain{":v": 3}, want: plain{"a": plain{"b": []any{1, plain{"c": 3}}, "d": 1}}},
		{name: "nested in nothing", update: "SET a.b = :v", values: plain{":v": 3}, failure: badPath},
		{name: "nested in a text", before: plain{"a": "x"}, update: "SET a.b = :v", values: plain{":v": 3}, failure: badPath},
		{name: "name in a list", before: plain{"a": []any{}}, update: "SET a.b = :v", values: plain{":v": 3}, failure: badPath},
		{name: "index in a map", before: plain{"a": plain{}}, update: "SET a[0] = :v", values: plain{":v": 3}, failure: badPath},
		{name: "beyond the end, in order", before: plain{"a": []any{0}}, update: "SET a[84] = :x, a[37] = :y", values: plain{":x": 2, ":y": 1}, want: plain{"a": []any{0, 1, 2}}},
		{name: "a dot in a name", update: "SET #a = :v", names: map[string]string{"#a": "x.y"}, values: plain{":v": 1}, want: plain{"x.y": 1}},
		{name: "remove by original index", before: plain{"a": []any{2, 3, 4, 5, 6, 7}}, update: "REMOVE a[1], a[0] SET a[3] = :v", values: plain{":v": 17}, want: plain{"a": []any{4, 17, 6, 7}}},
		{name: "remove what is not there", before: plain{"a": []any{1}, "m": plain{}}, update: "REMOVE a[7], m.x, z", want: plain{"a": []any{1}, "m": plain{}}},
		{name: "remove in nothing", update: "REMOVE a.b", failure: badPath},
		{name: "add numbers", before: plain{"n": 1}, update: "ADD n :v, m :v", values: plain{":v": 2}, want: plain{"n": 3, "m": 2}},
		{name: "add to sets", before: plain{"s": []string{"a", "c"}, "n": nset{"1"}}, update: "ADD s :s, n :n", values: plain{":s": []string{"b", "c"}, ":n": nset{"2", "1.0"}}, want: plain{"s": []string{"a", "b", "c"}, "n": nset{"1", "2"}}},
		// dynalite's updateItem.js, which also runs against AWS
		{name: "add beyond the end, in order", before: plain{"l": []any{1}}, update: "ADD l[8] :s, l[6] :n", values: plain{":s": []string{"a"}, ":n": 2}, want: plain{"l": []any{1, 2, []string{"a"}}}},
		{name: "add another kind of set", before: plain{"s": []string{"a"}}, update: "ADD s :n", values: plain{":n": nset{"2"}}, failure: badType},
		{name: "add a text", update: "ADD s :v", values: plain{":v": "x"}, failure: invalid + "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND"},
		{name: "delete from a set", before: plain{"s": []string{"a", "b"}}, update: "DELETE s :v, z :v", values: plain{":v": []string{"a", "x"}}, want: plain{"s": []string{"b"}}},
		{name: "delete all of a set", before: plain{"s": bset{[]byte("a")}}, update: "DELETE s :v", values: plain{":v": bset{[]byte("a")}}, want: plain{}},
		{name: "delete a number", update: "DELETE n :v", values: plain{":v": 1}, failure: invalid + "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND"},
		{name: "section twice", update: "SET a = :v SET b = :v", values: plain{":v": 1}, failure: invalid + `Invalid UpdateExpression: The "SET" section can only be used once in an update expression;`},
		{name: "same path twice", update: "SET a = :v REMOVE a", values: plain{":v": 1}, failure: invalid + "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]"},
		{name: "path within a path", update: "SET a.b = :v, a.b[1].c = :v", values: plain{":v": 1}, failure: invalid + "Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a, b, [1], c]"},
		{name: "list or map", update: "SET a.b = :v, a[1] = :v", values: plain{":v": 1}, failure: invalid + "Invalid UpdateExpression: Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a, [1]]"},
		{name: "key", update: "SET id = :v", values: plain{":v": 1}, failure: invalid + "One or more parameter values were invalid: Cannot update attribute id. This attribute is part of the key"},
		{name: "reserved word", update: "SET Status = :v", values: plain{":v": 1}, failure: invalid + "Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: Status"},
		{name: "unknown section", update: "HELLO b = :v", values: plain{":v": 1}, failure: syntax("HELLO", "HELLO b")},
		{name: "cut short", update: "SET a =", failure: syntax("<EOF>", "=")},
		{name: "leading underscore", update: "SET _a = :v", values: plain{":v": 1}, failure: syntax("_", "SET _a")},
		{name: "index by value", update: "SET a[:v] = :v", values: plain{":v": 1}, failure: syntax(":v", "[:v]")},
		{name: "huge index", update: "SET a[99999999999999999999] = :v", values: plain{":v": 1}, failure: invalid + "Invalid UpdateExpression: List index is not within the allowable range; index: [99999999999999999999]"},
		{name: "undefined value", update: "SET a = :x", values: plain{":v": 1}, failure: invalid + "Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :x"},
		{name: "undefined name", update: "SET #x = :v", values: plain{":v": 1}, failure: invalid + "Invalid UpdateExpression: An expression attribute name used in the document path is not defined; attribute name: #x"},
		{name: "unused values", update: "SET a = :v", values: plain{":v": 1, ":y": 1, ":x": 1}, failure: invalid + "Value provided in ExpressionAttributeValues unused in expressions: keys: {:x, :y}"},
		{name: "unused name", update: "SET a = :v", values: plain{":v": 1}, names: map[string]string{"#n": "n"}, failure: invalid + "Value provided in ExpressionAttributeNames unused in expressions: keys: {#n}"},
		{name: "malformed name", update: "SET a = :v", values: plain{":v": 1}, names: map[string]string{"n": "n"}, failure: invalid + `ExpressionAttributeNames contains invalid key: Syntax error; key: "n"`},
		{name: "too long", update: "SET a = :v" + strings.Repeat(" ", 4096), values: plain{":v": 1}, failure: invalid + "Invalid UpdateExpression: Expression size has exceeded the maximum allowed size; expression size: 4106"},
		{name: "too deep", before: plain{"a": nest(20)}, update: "SET a." + strings.Repeat("m.", 19) + "x = :v", values: plain{":v": nest(20)}, failure: invalid + "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit"},
		{name: "too large", update: "SET a = :v", values: plain{":v": strings.Repeat("x", 400<<10)}, failure: invalid + "Item size to update has exceeded the maximum allowed size"},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			before := plain{"id": "x"}
			for name, v := range test.before {
				before[name] = v
			}
			put(t, c, "things", before)
			_, err := c.UpdateItem(t.Context(), &sdk.UpdateItemInput{
				TableName: text("things"), Key: item(plain{"id": "x"}), UpdateExpression: &test.update,
				ExpressionAttributeNames: test.names, ExpressionAttributeValues: item(test.values),
			})
			wantFailure(t, err, test.failure)
			want := before
			if test.failure == "" {
				want = test.want
				want["id"] = "x"
			}
			wantSame(t, want, get(t, c, "things", plain{"id": "x"}))
		})
	}
}

// nest returns maps nested to the given depth.
func nest(depth int) plain {
	if depth == 1 {
		return plain{}
	}
	return plain{"m": nest(depth - 1)}
}

func TestUpdateMakesItems(t *testing.T) {
	_, c := start(t)
	table(t, c, "things", "id:S")
	for _, test := range []struct {
		update string
		values plain
		want   plain
	}{
		{"SET a = :v", plain{":v": 1}, plain{"id": "SET a = :v", "a": 1}},
		{"ADD a :v", plain{":v": 1}, plain{"id": "ADD a :v", "a": 1}},
		{"REMOVE x.y", nil, nil},
		{"DELETE a :v", plain{":v": []string{"a"}}, nil},
	} {
		key := plain{"id": test.update}
		_, err := c.UpdateItem(t.Context(), &sdk.UpdateItemInput{TableName: text("things"), Key: item(key),
			UpdateExpression: &test.update, ExpressionAttributeValues: item(test.values)})
		wantFailure(t, err, "")
		wantSame(t, test.want, get(t, c, "things", key))
	}
	key := plain{"id": "no expression"}
	must[*sdk.UpdateItemOutput](t)(c.UpdateItem(t.Context(), &sdk.UpdateItemInput{TableName: text("things"), Key: item(key)}))
	wantSame(t, key, get(t, c, "things", key))
}
