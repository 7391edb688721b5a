package dynamodb_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// sortKeys returns the named attribute of each item.
func sortKeys(items []attrs, name string) []any {
	var all []any
	for _, p := range unitems(items) {
		all = append(all, p[name])
	}
	return all
}

func TestKeyConditions(t *testing.T) {
	_, c := start(t)
	table(t, c, "texts", "id:S pos:S")
	table(t, c, "numbers", "id:S pos:N")
	table(t, c, "bytes", "id:S pos:B")
	for _, pos := range []string{"a", "a\x00", "a\x00b", "aa", "ab", "b", "b\u00e9"} {
		put(t, c, "texts", plain{"id": "x", "pos": pos}, plain{"id": "y", "pos": pos})
	}
	for _, pos := range []num{"-12", "-2", "-1.5", "-1", "-0.01", "0", "0.001", "2", "10", "1e20"} {
		put(t, c, "numbers", plain{"id": "x", "pos": pos}, plain{"id": "y", "pos": pos})
	}
	for _, pos := range [][]byte{{0}, {0, 0}, {0, 255}, {1}, {127}, {128}, {255}, {255, 255}} {
		put(t, c, "bytes", plain{"id": "x", "pos": pos})
	}
	bad := func(message string) string { return invalid + message }
	inKey := func(operator string) string {
		return bad("Invalid operator used in KeyConditionExpression: " + operator)
	}
	cases := []struct {
		table, condition string
		v, w             any
		want             []any
		failure          string
	}{
		{"texts", "id = :id", nil, nil, []any{"a", "a\x00", "a\x00b", "aa", "ab", "b", "b\u00e9"}, ""},
		{"texts", "id = :id AND pos = :v", "a", nil, []any{"a"}, ""},
		{"texts", "pos <= :v AND id = :id", "a\x00", nil, []any{"a", "a\x00"}, ""},
		{"texts", ":id = id AND :v < pos", "ab", nil, []any{"b", "b\u00e9"}, ""},
		{"texts", "((id = :id) AND (begins_with(pos, :v)))", "a\x00", nil, []any{"a\x00", "a\x00b"}, ""},
		{"texts", "id = :id and begins_with(pos, :v)", "a", nil, []any{"a", "a\x00", "a\x00b", "aa", "ab"}, ""},
		{"numbers", "id = :id", nil, nil, []any{-12, -2, num("-1.5"), -1, num("-0.01"), 0, num("0.001"), 2, 10, num("100000000000000000000")}, ""},
		{"numbers", "id = :id AND pos < :v", -1, nil, []any{-12, -2, num("-1.5")}, ""},
		{"numbers", "id = :id AND pos <= :v", num("-1.50"), nil, []any{-12, -2, num("-1.5")}, ""},
		{"numbers", "id = :id AND pos > :v", 2, nil, []any{10, num("100000000000000000000")}, ""},
		{"numbers", "id = :id AND pos >= :v", 10, nil, []any{10, num("100000000000000000000")}, ""},
		{"numbers", "id = :id AnD pos BeTwEeN :v aNd :w", -1, 2, []any{-1, num("-0.01"), 0, num("0.001"), 2}, ""},
		{"bytes", "id = :id AND pos < :v", []byte{128}, nil, []any{[]byte{0}, []byte{0, 0}, []byte{0, 255}, []byte{1}, []byte{127}}, ""},
		{"bytes", "id = :id AND begins_with(pos, :v)", []byte{0}, nil, []any{[]byte{0}, []byte{0, 0}, []byte{0, 255}}, ""},
		{"bytes", "id = :id AND begins_with(pos, :v)", []byte{255}, nil, []any{[]byte{255}, []byte{255, 255}}, ""},
		{"texts", "pos = :v", "a", nil, nil, bad("Query condition missed key schema element: id")},
		{"texts", "id = :id AND z = :v", "a", nil, nil, bad("Query condition missed key schema element: pos")},
		{"texts", "id < :id", nil, nil, nil, bad("Query key condition not supported")},
		{"texts", "id = :id AND id = :v", "a", nil, nil, bad("Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key")},
		{"texts", "id = :id AND pos > :v AND pos < :w", "a", "b", nil, bad("Conditions can be of length 1 or 2 only")},
		{"texts", "id = :id OR pos > :v", "a", nil, nil, inKey("OR")}, {"texts", "NOT id = :id", nil, nil, nil, inKey("NOT")}, {"texts", "id = :id AND pos <> :v", "a", nil, nil, inKey("<>")},
		{"texts", "id = :id AND pos IN (:v)", "a", nil, nil, inKey("IN")}, {"texts", "id = :id AND attribute_exists(pos)", nil, nil, nil, inKey("attribute_exists")}, {"texts", "id = :id AND contains(pos, :v)", "a", nil, nil, inKey("contains")},
		{"texts", "id = :id AND pos.x = :v", "a", nil, nil, bad("Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes")},
		{"texts", "id = :id AND pos = z", nil, nil, nil, bad("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition")},
		{"texts", "id = :id AND size(pos) = :v", 1, nil, nil, bad("Invalid condition in KeyConditionExpression: No key attribute specified")},
		{"numbers", "id = :id AND pos = :v", "a", nil, nil, bad("One or more parameter values were invalid: Condition parameter type does not match schema type")},
		{"texts", "id = :id AND pos = :v", "", nil, nil, bad("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pos")},
		{"numbers", "id = :id AND begins_with(pos, :v)", 3, nil, nil, bad("Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N")},
		{"texts", "id = :id AND pos != :v", "a", nil, nil, bad(`Invalid KeyConditionExpression: Syntax error; token: "!", near: "pos !="`)},
		{"texts", "", nil, nil, nil, bad("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")},
	}
	for _, test := range cases {
		t.Run(test.table+" "+test.condition, func(t *testing.T) {
			values := plain{}
			given := plain{":id": "x", ":v": test.v, ":w": test.w}
			for name, v := range given {
				if strings.Contains(test.condition, name) {
					values[name] = v
				}
			}
			in := &sdk.QueryInput{TableName: &test.table, KeyConditionExpression: text(test.condition)}
			if len(values) > 0 {
				in.ExpressionAttributeValues = item(values)
			}
			for _, forward := range []bool{true, false} {
				in.ScanIndexForward = &forward
				out, err := c.Query(t.Context(), in)
				wantFailure(t, err, test.failure)
				if err != nil {
					continue
				}
				wantSame(t, test.want, sortKeys(out.Items, "pos"))
				if forward {
					slices.Reverse(test.want)
				}
			}
		})
	}
}

func TestSelections(t *testing.T) {
	_, c := start(t)
	fill(t, c)
	type q = sdk.QueryInput
	base := func(change func(*q)) *q {
		in := &q{TableName: text("things"), KeyConditionExpression: text("id = :id AND pos < :pos"), ExpressionAttributeValues: item(plain{":id": "p0", ":pos": 2})}
		change(in)
		return in
	}
	for _, test := range []struct {
		name    string
		in      *q
		want    []plain
		count   int32
		failure string
	}{
		{"projection", base(func(in *q) { in.ProjectionExpression = text("pos, score") }), []plain{{"pos": 0, "score": 30}, {"pos": 1, "score": 27}}, 2, ""},
		{"count", base(func(in *q) { in.Select = "COUNT" }), nil, 2, ""},
		{"filter", base(func(in *q) {
			in.FilterExpression, in.ProjectionExpression, in.Select = text("attribute_exists(score) AND NOT even = :yes"), text("pos"), "SPECIFIC_ATTRIBUTES"
			in.ExpressionAttributeValues[":yes"] = value(true)
		}), []plain{{"pos": 1}}, 1, ""},
		{"filter on the key", base(func(in *q) { in.FilterExpression = text("size(pos) > :pos") }), nil, 0, invalid + "Filter Expression can only contain non-primary key attributes: Primary key attribute: pos"},
		{"projection of all", base(func(in *q) { in.ProjectionExpression, in.Select = text("pos"), "ALL_ATTRIBUTES" }), nil, 0, invalid + "Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES"},
		{"specific, but none", base(func(in *q) { in.Select = "SPECIFIC_ATTRIBUTES" }), nil, 0, invalid + "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES"},
		{"projected by a table", base(func(in *q) { in.Select = "ALL_PROJECTED_ATTRIBUTES" }), nil, 0, invalid + "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"},
		{"no index", base(func(in *q) { in.IndexName = text("none") }), nil, 0, invalid + "The table does not have the specified index: none"},
		{"limit", base(func(in *q) { in.Limit = aws.Int32(0) }), nil, 0, invalid + "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1"},
		{"start elsewhere", base(func(in *q) { in.ExclusiveStartKey = item(plain{"id": "p1", "pos": 1}) }), nil, 0, invalid + "The provided starting key is outside query boundaries based on provided conditions"},
		{"start with less", base(func(in *q) { in.ExclusiveStartKey = item(plain{"id": "p0"}) }), nil, 0, invalid + "The provided starting key is invalid"},
		{"start with more", base(func(in *q) { in.ExclusiveStartKey = item(plain{"id": "p0", "pos": 1, "x": 1}) }), nil, 0, invalid + "The provided starting key is invalid"},
		{"no table", base(func(in *q) { in.TableName = text("none") }), nil, 0, "ResourceNotFoundException: Requested resource not found"},
		{"unused value", base(func(in *q) { in.ExpressionAttributeValues[":x"] = value(1) }), nil, 0, invalid + "Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}"},
	} {
		t.Run(test.name, func(t *testing.T) {
			out, err := c.Query(t.Context(), test.in)
			wantFailure(t, err, test.failure)
			if err == nil {
				wantSame(t, test.want, unitems(out.Items))
				wantSame(t, test.count, out.Count)
			}
		})
	}
	for _, test := range []struct {
		in      *sdk.ScanInput
		failure string
	}{
		{&sdk.ScanInput{Segment: aws.Int32(0)}, "The TotalSegments parameter is required but was not present in the request when Segment parameter is present"},
		{&sdk.ScanInput{TotalSegments: aws.Int32(1)}, "The Segment parameter is required but was not present in the request when parameter TotalSegments is present"},
		{&sdk.ScanInput{Segment: aws.Int32(2), TotalSegments: aws.Int32(2)}, "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 2 is not less than TotalSegments: 2"},
		{&sdk.ScanInput{Segment: aws.Int32(0), TotalSegments: aws.Int32(0)}, "1 validation error detected: Value '0' at 'totalSegments' failed to satisfy constraint: Member must have value greater than or equal to 1"},
		{&sdk.ScanInput{ExpressionAttributeValues: item(plain{":v": 1})}, "ExpressionAttributeValues can only be specified when using expressions: FilterExpression is null"},
	} {
		test.in.TableName = text("things")
		_, err := c.Scan(t.Context(), test.in)
		wantFailure(t, err, invalid+test.failure)
	}
}
