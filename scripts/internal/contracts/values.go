package contracts

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// kinds compares types. It reports whether they have one in common.
func (c *comparer) kinds(before, after map[string]any, at spot) bool {
	was, is := kindsOf(before), kindsOf(after)
	lost, gained := without(was, is), without(is, was)
	if len(lost) == 0 && len(gained) == 0 {
		return true
	}
	d := either
	if len(lost) == 0 {
		d = wider
	} else if len(gained) == 0 {
		d = narrower
	}
	c.say(at, d, "add a member of another name beside it", "is %s, and was %s", strings.Join(is, " or "), strings.Join(was, " or "))
	return len(without(was, lost)) > 0 || len(without(is, gained)) > 0
}

// every is the types of a schema that names none.
var every = []string{"array", "boolean", "null", "number", "object", "string"}

// kindsOf returns the types that a schema permits.
func kindsOf(s map[string]any) (kinds []string) {
	switch of := s["type"].(type) {
	case string:
		return []string{of}
	case []any:
		for _, kind := range of {
			kinds = append(kinds, fmt.Sprint(kind))
		}
		slices.Sort(kinds)
		return slices.Compact(kinds)
	}
	values := listed(s)
	for _, value := range values {
		kinds = append(kinds, kindOf(value))
	}
	if values == nil {
		return every
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

func kindOf(value any) string {
	switch v := value.(type) {
	case string:
		return "string"
	case bool:
		return "boolean"
	case nil:
		return "null"
	case json.Number:
		if n, ok := new(big.Rat).SetString(v.String()); ok && n.IsInt() {
			return "integer"
		}
		return "number"
	case []any:
		return "array"
	}
	return "object"
}

// without returns the types that others don't cover: an integer is a number.
func without(kinds, others []string) (left []string) {
	for _, kind := range kinds {
		if !slices.Contains(others, kind) && (kind != "integer" || !slices.Contains(others, "number")) {
			left = append(left, kind)
		}
	}
	return left
}

// listed returns the only values that a schema permits, or nil if it lists none.
func listed(s map[string]any) []any {
	if value, is := s["const"]; is {
		return []any{value}
	}
	values, _ := s["enum"].([]any)
	return values
}

// values compares enums and constants.
func (c *comparer) values(before, after map[string]any, at spot) {
	was, is := listed(before), listed(after)
	switch {
	case was == nil && is == nil:
	case was == nil:
		c.say(at, narrower, "list the values in its description", "is one of %s, and was any", texts(is))
	case is == nil:
		c.say(at, wider, "", "is any value, and was one of %s", texts(was))
	default:
		if added := missing(is, was); len(added) > 0 {
			c.say(at, wider, "", "may be %s now, which old consumers don't know", texts(added))
		}
		if removed := missing(was, is); len(removed) > 0 {
			c.say(at, narrower, "keep the value, and publish it no more", "may not be %s any more", texts(removed))
		}
	}
}

func missing(of, from []any) (values []any) {
	for _, value := range of {
		if !slices.ContainsFunc(from, func(other any) bool { return same(value, other) }) {
			values = append(values, value)
		}
	}
	return values
}

func texts(values []any) string {
	all := make([]string, len(values))
	for i, value := range values {
		text, _ := json.Marshal(value)
		all[i] = string(text)
	}
	return strings.Join(all, ", ")
}

// same reports whether two values are the same JSON; 1 and 1.0 are.
func same(a, b any) bool {
	one, isNumber := a.(json.Number)
	other, areNumbers := b.(json.Number)
	if isNumber && areNumbers {
		return rational(one).Cmp(rational(other)) == 0
	}
	left, _ := json.Marshal(a)
	right, _ := json.Marshal(b)
	return bytes.Equal(left, right)
}

func rational(value any) *big.Rat {
	number, is := value.(json.Number)
	if !is {
		return nil
	}
	n, ok := new(big.Rat).SetString(number.String())
	if !ok {
		return nil
	}
	return n
}
