package dynamodb_test

import (
	"strings"
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// TestConditions checks conditions against one item.
func TestConditions(t *testing.T) {
	_, c := start(t)
	table(t, c, "things", "id:S")
	put(t, c, "things", plain{
		"id": "x", "n": 5, "m": 7, "s": "hello", "b": []byte("hi there"), "yes": true, "nothing": nil, "status": "open",
		"l": []any{1, "a", []string{"p", "q"}}, "tree": plain{"k": plain{"deep": []any{0, 9}}}, "ss": []string{"a", "b"},
		"ns": nset{"1", "2"}, "bs": bset{[]byte("a")}, "big": num("1e30"), "blank": "", "moods": "é𝄞",
	})
	operand := func(name, kind string) string {
		return invalid + "Invalid ConditionExpression: Incorrect operand type for operator or function; operator or function: " + name + ", operand type: " + kind
	}
	bad := func(message string) string { return invalid + "Invalid ConditionExpression: " + message }
	const no = "ConditionalCheckFailedException: The conditional request failed"
	const twice = "The first operand must be distinct from the remaining operands for this operator or function; operator: "
	cases := []struct {
		condition string
		v, w      any
		failure   string
	}{
		{"n = :v", 5, nil, ""}, {"n = :v", num("5.00"), nil, ""}, {"n = :v", "5", nil, no}, {"n = :v", 6, nil, no},
		{"s = :v", "hello", nil, ""}, {"yes = :v", true, nil, ""}, {"nothing = :v", nil, nil, ""}, {"ss = :v", []string{"b", "a"}, nil, ""},
		{"l = :v", []any{1, "a", []string{"q", "p"}}, nil, ""}, {"l = :v", []any{1}, nil, no}, {"tree.k = :v", plain{"deep": []any{0, 9}}, nil, ""},
		{"bs = :v", bset{[]byte("a")}, nil, ""}, {"ns = :v", nset{"2", "1"}, nil, ""}, {"ss = :v", nset{"1"}, nil, no},
		{"z = :v", 1, nil, no}, {"z = y", nil, nil, no}, {"z <> :v", 1, nil, ""}, {"z <> y", nil, nil, ""}, {"n <> :v", 5, nil, no}, {"n <> :v", "5", nil, ""},
		{"n < :v", 6, nil, ""}, {"n < :v", 10, nil, ""}, {"n < :v", 5, nil, no}, {"n <= :v", 5, nil, ""}, {"n > :v", -5, nil, ""}, {"n >= :v", num("5.1"), nil, no},
		{"n < :v", "6", nil, no}, {"z < :v", 6, nil, no}, {"z >= y", nil, nil, no}, {"l < :v", 6, nil, no}, {":v < n", 4, nil, ""}, {"n < big", nil, nil, ""},
		{"b < :v", []byte{255}, nil, ""}, {"s > :v", "hellN", nil, ""}, {"n < :v", []any{}, nil, operand("<", "L")},
		{"n BETWEEN :v AND :w", 5, 6, ""}, {"n between :v and :w", 6, 7, no}, {"z BETWEEN :v AND :w", 1, 2, no}, {"n BETWEEN m AND :w", nil, 9, no},
		{"n BETWEEN :v AND :w", 6, 5, bad("The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:6}, upper bound operand: AttributeValue: {N:5}")},
		{"n BETWEEN :v AND :w", 6, "x", bad("The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:6}, upper bound operand: AttributeValue: {S:x}")},
		{"n BETWEEN :v AND :w", []any{}, []any{}, operand("BETWEEN", "L")},
		{"n IN (:v, :w)", "x", 5, ""}, {"n in (:v)", 6, nil, no}, {"l IN (z, :v)", 6, nil, no}, {"n IN ()", nil, nil, bad(`Syntax error; token: ")", near: "()"`)},
		{"attribute_exists(n)", nil, nil, ""}, {"attribute_exists (tree.k.deep[1])", nil, nil, ""}, {"attribute_exists(tree.k.deep[2])", nil, nil, no}, {"attribute_exists(nothing)", nil, nil, ""},
		{"attribute_not_exists(z)", nil, nil, ""}, {"attribute_not_exists(n)", nil, nil, no}, {"attribute_not_exists(n.x)", nil, nil, ""},
		{"attribute_exists(:v)", 1, nil, bad("Operator or function requires a document path; operator or function: attribute_exists")},
		{"attribute_type(l, :v)", "L", nil, ""}, {"attribute_type(nothing, :v)", "NULL", nil, ""}, {"attribute_type(z, :v)", "L", nil, no}, {"attribute_type(:w, :v)", "N", 1, ""},
		{"attribute_type(l, :v)", "DOG", nil, bad("Invalid attribute type name found; type: DOG, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}")}, {"attribute_type(l, :v)", 1, nil, operand("attribute_type", "N")},
		{"begins_with(s, :v)", "hell", nil, ""}, {"begins_with(s, :v)", "ell", nil, no}, {"begins_with(b, :v)", []byte("hi"), nil, ""}, {"begins_with(n, :v)", "5", nil, no},
		{"begins_with(:v, s)", "hello!", nil, ""}, {"begins_with(s, :v)", 2, nil, operand("begins_with", "N")}, {"begins_with(s, size(s))", nil, nil, operand("begins_with", "N")}, {"attribute_type(s, size(s))", nil, nil, operand("attribute_type", "N")}, {"attribute_type(s, m)", nil, nil, operand("attribute_type", "document path")}, {"begins_with(s, s)", nil, nil, bad(twice + "begins_with, first operand: [s]")},
		{"contains(s, :v)", "ell", nil, ""}, {"contains(s, :v)", "elk", nil, no}, {"contains(ss, :v)", "a", nil, ""}, {"contains(ss, :v)", []byte("a"), nil, no}, {"contains(ns, :v)", num("2.0"), nil, ""},
		{"contains(l, :v)", []string{"q", "p"}, nil, ""}, {"contains(b, :v)", []byte("the"), nil, ""}, {"contains(n, :v)", 5, nil, no}, {"contains(z, :v)", 5, nil, no}, {"contains(ss, ss)", nil, nil, bad(twice + "contains, first operand: [ss]")},
		{"size(s) = :v", 5, nil, ""}, {"size(b) = :v", 8, nil, ""}, {"size(l) = :v", 3, nil, ""}, {"size(tree) = :v", 1, nil, ""}, {"size(ns) < :v", 3, nil, ""}, {"size(blank) = :v", 0, nil, ""}, {"size(n) = :v", 1, nil, no}, {"size(z) < :v", 1, nil, no}, {"size(s) = n", nil, nil, ""}, {"size(:w) = :v", 3, "😀é", ""}, {"size(moods) = :v", 3, nil, ""},
		{"size(:w) = :v", 1, "x", ""}, {"size(:w) = :v", 1, 2, operand("size", "N")}, {"size(:w) < :v", 1, 2, operand("size", "N")}, {"size(size(s)) < :v", 1, nil, operand("size", "N")}, {"size(s, n) = :v", 1, nil, bad("Incorrect number of operands for operator or function; operator or function: size, number of operands: 2")},
		{"size(s)", nil, nil, bad(`Syntax error; token: "<EOF>", near: ")"`)}, {"attribute_exists(n) < :v", 1, nil, bad(`Syntax error; token: "<", near: ") < :v"`)},
		{"dog(n) = :v", 1, nil, bad("Invalid function name; function: dog")}, {":v = list_append(l, l)", 1, nil, bad("The function is not allowed to be used this way in an expression; function: list_append")}, {"if_not_exists(n, m)", nil, nil, bad("The function is not allowed to be used this way in an expression; function: if_not_exists")},
		{"n < m AND m < big", nil, nil, ""}, {"n < m aNd big < m", nil, nil, no}, {"m < n or n < m", nil, nil, ""}, {"n < m OR big < m AND m < n", nil, nil, ""}, {"(n < m OR big < m) AND m < n", nil, nil, no},
		{"NOT n < m", nil, nil, no}, {"NOT NOT n < m", nil, nil, ""}, {"NOT n < m AND big < m", nil, nil, no}, {"NOT (n < m AND big < m)", nil, nil, ""}, {"n BETWEEN n2 AND m AND n < m", nil, nil, no},
		{"((n < m) AND (m < big))", nil, nil, ""}, {"((n < m))", nil, nil, bad("The expression has redundant parentheses;")}, {"(n < m) OR ((m < n))", nil, nil, bad("The expression has redundant parentheses;")},
		{"(n) < (:v)", 6, nil, ""}, {"((size((s))) = :v) AND NOT (n) BETWEEN (:w) AND (m)", 5, 6, ""}, {"(n) IN ((:v))", 5, nil, ""}, {"((n)) < m", nil, nil, bad("The expression has redundant parentheses;")},
		{"n < m OR (n < m AND m < big)", nil, nil, ""}, {"(n < m) < big", nil, nil, bad(`Syntax error; token: "<", near: "n < m"`)}, {"attribute_exists((tree.k))", nil, nil, ""},
		{"n", nil, nil, bad(`Syntax error; token: "<EOF>", near: "n"`)}, {"n = n", nil, nil, bad(twice + "=, first operand: [n]")}, {"(n < m", nil, nil, bad(`Syntax error; token: "<EOF>", near: "m"`)}, {"n < m)", nil, nil, bad(`Syntax error; token: ")", near: "m)"`)},
		{"n != m", nil, nil, bad(`Syntax error; token: "!", near: "n !="`)}, {"é = m", nil, nil, bad(`Syntax error; token: "é", near: "é ="`)}, {"status = :v", "open", nil, bad("Attribute name is a reserved keyword; reserved keyword: status")},
		{"n<m" + strings.Repeat(" OR n<m", 150), nil, nil, bad("The expression contains too many operators; operator count: 301")}, {strings.Repeat("(", 4096), nil, nil, bad(`Syntax error; token: "<EOF>", near: "("`)},
	}
	for _, test := range cases {
		t.Run(test.condition[:min(len(test.condition), 60)], func(t *testing.T) {
			values := plain{}
			if strings.Contains(test.condition, ":v") {
				values[":v"] = test.v
			}
			if strings.Contains(test.condition, ":w") {
				values[":w"] = test.w
			}
			in := &sdk.UpdateItemInput{TableName: text("things"), Key: item(plain{"id": "x"}), ConditionExpression: &test.condition}
			if len(values) > 0 {
				in.ExpressionAttributeValues = item(values)
			}
			_, err := c.UpdateItem(t.Context(), in) // changes nothing
			wantFailure(t, err, test.failure)
		})
	}
}

func TestProjections(t *testing.T) {
	_, c := start(t)
	table(t, c, "things", "id:S")
	put(t, c, "things", plain{"id": "x", "a": 1, "m": plain{"x": 1, "y": plain{"z": 2}}, "l": []any{0, plain{"k": 1, "j": 2}, 2}})
	bad := func(message string) string { return invalid + "Invalid ProjectionExpression: " + message }
	for _, test := range []struct {
		projection string
		names      map[string]string
		want       plain
		failure    string
	}{
		{"a", nil, plain{"a": 1}, ""},
		{"id, #a", map[string]string{"#a": "a"}, plain{"id": "x", "a": 1}, ""},
		{"m.x, m.y.z, a", nil, plain{"a": 1, "m": plain{"x": 1, "y": plain{"z": 2}}}, ""},
		{"l[2], l[1].j", nil, plain{"l": []any{plain{"j": 2}, 2}}, ""},
		{"l[7], m.q, z, a.b", nil, plain{}, ""},
		{"m, m.x", nil, nil, bad("Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [m], path two: [m, x]")},
		{"a,", nil, nil, bad(`Syntax error; token: "<EOF>", near: ","`)},
		{"a b", nil, nil, bad(`Syntax error; token: "b", near: "a b"`)},
		{"m" + strings.Repeat(".x", 31), nil, plain{}, ""},
		{"m" + strings.Repeat(".x", 32), nil, nil, bad("The document path has too many nesting levels; nesting levels: 33")},
		{"l[2147483647]", nil, plain{}, ""},
		{"l[2147483648]", nil, nil, bad("List index is not within the allowable range; index: [2147483648]")},
		{"", map[string]string{"#a": "a"}, nil, invalid + "ExpressionAttributeNames can only be specified when using expressions"},
		{"name", nil, nil, bad("Attribute name is a reserved keyword; reserved keyword: name")},
	} {
		out, err := c.GetItem(t.Context(), &sdk.GetItemInput{TableName: text("things"), Key: item(plain{"id": "x"}), ProjectionExpression: text(test.projection), ExpressionAttributeNames: test.names})
		wantFailure(t, err, test.failure)
		if err == nil {
			wantSame(t, test.want, unitem(out.Item))
		}
	}
}
