package dynamodb

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"example.com/localcloud/wire"
)

// FuzzExpressions parses a text by each grammar and runs the result. Nothing may panic, and every error must be one
// of AWS's.
func FuzzExpressions(f *testing.F) {
	for _, text := range []string{
		"a = :n AND NOT (b.c[1] < size(l) OR contains(#s, :s)) AND a BETWEEN :n AND :m AND a IN (:n, b)",
		"SET a = if_not_exists(a, :n) + :n, l = list_append(:l, l) REMOVE b.c[0], l[2] ADD n :n DELETE s :set",
		"a, b.c[1], #s.x", "begins_with(a, :s) OR attribute_type(b, :s) AND attribute_not_exists(l[3])", "((", "SET", "a[", ":n", "#", "ADD a :s", "é",
	} {
		f.Add(text)
	}
	item := Item{"a": number("1"), "n": number("7"), "b": Item{"c": List{String("x"), Item{}}}, "l": List{number("2")}, "s": Set{KindStringSet, []Value{String("x")}}}
	f.Fuzz(func(t *testing.T, text string) {
		scope := func() *scope {
			s, err := newScope(map[string]string{"#s": "s"}, Item{":n": number("5"), ":m": number("9"), ":s": String("S"), ":l": List{}, ":set": item["s"]})
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		before := string(appendItem(nil, item))
		if c, err := parse(scope(), "ConditionExpression", &text, (*parser).condition); ours(t, err) {
			c.holds(item)
			c.holds(Item{})
			if tests, err := keyTests(c); ours(t, err) && ours(t, checkTests(tests)) {
				_, err := keySchema{{"a", KindString}, {"n", KindNumber}}.keyRange(tests)
				ours(t, err)
			}
		}
		if u, err := parse(scope(), "UpdateExpression", &text, (*parser).update); ours(t, err) {
			_, err := u.apply(item)
			ours(t, err)
		}
		if p, err := parse(scope(), "ProjectionExpression", &text, (*parser).projection); ours(t, err) {
			p.of(item)
		}
		if after := string(appendItem(nil, item)); after != before {
			t.Errorf("%s changed the item it was given: %s, now %s", text, before, after)
		}
	})
}

// ours reports whether err is nil. It fails the test if err isn't an error for clients.
func ours(t *testing.T, err error) bool {
	if e, ok := err.(*wire.Error); err != nil && (!ok || e.Code != codeValidation || e.Message == "") {
		t.Errorf("not an error for clients: %v", err)
	}
	return err == nil
}

func number(text string) Number {
	n, err := parseNumber(text)
	if err != nil {
		panic(err) // a mistake in the test
	}
	return n
}

// FuzzNumbers compares arithmetic on numbers with exact fractions.
func FuzzNumbers(f *testing.F) {
	for _, pair := range [][2]string{{"1", "-1"}, {"0.1", "0.2"}, {"1e-130", "9.9e125"}, {"-12", "-1"}, {"12e3", "12000"}, {"00.00", "-0"}, {"1e", "x"}} {
		f.Add(pair[0], pair[1])
	}
	f.Fuzz(func(t *testing.T, one, two string) {
		a, err := parseNumber(one)
		b, err2 := parseNumber(two)
		if !ours(t, err) || !ours(t, err2) {
			return
		}
		if again := number(a.String()); again != a {
			t.Errorf("%s is %v, and read again %v", one, a, again)
		}
		x, y := rat(a), rat(b)
		if a.compare(b) != x.Cmp(y) {
			t.Errorf("%v compared with %v is %d", a, b, a.compare(b))
		}
		if sum, err := a.add(b); ours(t, err) && rat(sum).Cmp(x.Add(x, y)) != 0 {
			t.Errorf("%v + %v is %v", a, b, sum)
		}
	})
}

func rat(n Number) *big.Rat {
	r, _ := new(big.Rat).SetString(n.String())
	return r
}

// FuzzItems decodes an item with both decoders, packs it, encodes it and decodes it again.
func FuzzItems(f *testing.F) {
	f.Add(`{"a":{"S":"x"},"b":{"M":{"c":{"L":[{"N":"1.50"},{"NULL":true}]}}},"s":{"NS":["2","1"]},"t":{"BS":["AA=="]},"x":{"BOOL":false}}`)
	f.Add(`{"a":{"L":[` + strings.Repeat(`{"L":[`, 40) + strings.Repeat(`]}`, 40) + `]}}`)
	f.Add(`{"a":{"S":null}}`)
	f.Add(`{"":{"S":""},"n":{"L":[{"N":"-1e-130"},{"N":"9.9e125"},{"N":"0"},{"BOOL":true},{"B":"AAE="},{"SS":["b",""]},{"M":{}}]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		var item, again Item
		var in struct{ Item Item }
		err := json.Unmarshal([]byte(text), &item)
		if plain := wire.DecodeJSON(strings.NewReader(`{"Item":`+text+`}`), &in); err == nil && (plain != nil || (in.Item == nil) != (item == nil) || item != nil && !equal(item, in.Item)) {
			t.Errorf("%s was read as %v and as %v, %v", text, item, in.Item, plain)
		}
		if err != nil || item == nil {
			return
		}
		if stored := pack(item).item(); !equal(stored, item) {
			t.Errorf("%s was stored as %v", text, stored)
		}
		written, err := json.Marshal(item)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(written, &again); err != nil || !equal(item, again) || itemSize(item) != itemSize(again) {
			t.Errorf("%s was written as %s and read as %v, %v", text, written, again, err)
		}
	})
}
