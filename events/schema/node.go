package schema

import (
	"encoding/json"
	"math/big"
	"strconv"
	"strings"
)

// rule is a keyword's part of a schema. It returns the violations in a value; their places begin at the value.
type rule func(value any) []Violation

// node is a compiled schema or subschema.
type node struct {
	decisive []rule  // the first violation of these is the only one: the others would only say so again
	rest     []rule  // all violations of these count
	same     []*node // schemas that are applied to the same value

	personal bool        // x-personal
	members  *properties // of an object; nil: nothing is said about them
	each     []*node     // schemas of the items of an array
	prefix   []*node     // schemas of its first items, one each
}

func (n *node) check(value any) []Violation {
	for _, rule := range n.decisive {
		if violations := rule(value); violations != nil {
			return violations
		}
	}
	var violations []Violation
	for _, rule := range n.rest {
		violations = append(violations, rule(value)...)
	}
	return violations
}

// inside checks a member or an item, and puts its name before the places.
func (n *node) inside(token string, value any) []Violation {
	violations := n.check(value)
	for i := range violations {
		violations[i].Place = pointer([]string{token}) + violations[i].Place
	}
	return violations
}

// item checks an item of an array.
func (n *node) item(i int, value any) []Violation {
	violations := n.check(value)
	for j := range violations {
		violations[j].Place = "/" + strconv.Itoa(i) + violations[j].Place
	}
	return violations
}

// when returns a rule that reports one violation unless a condition holds.
func when(holds func(any) bool, expected string) rule {
	return func(value any) []Violation {
		if holds(value) {
			return nil
		}
		return []Violation{{Expected: expected}}
	}
}

// typeOf returns a value's JSON type; a whole number is a "number" too.
func typeOf(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case json.Number:
		return "number"
	case string:
		return "string"
	case []any:
		return "array"
	default:
		return "object"
	}
}

// equal compares JSON values, and numbers by what they amount to.
func equal(a, b any) bool {
	switch a := a.(type) {
	case json.Number:
		b, same := b.(json.Number)
		return same && (a == b || rational(a).Cmp(rational(b)) == 0)
	case []any:
		b, same := b.([]any)
		if !same || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !equal(a[i], b[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		b, same := b.(map[string]any)
		if !same || len(a) != len(b) {
			return false
		}
		for name, value := range a {
			if other, there := b[name]; !there || !equal(value, other) {
				return false
			}
		}
		return true
	default:
		return a == b
	}
}

// longestExponent is the exponent above which a number is taken for this one's. Exact numbers with larger ones would
// fill the memory; no float64 has them.
const longestExponent = 400

// rational returns a number's exact value.
func rational(n json.Number) *big.Rat {
	text := string(n)
	if mantissa, exponent, scientific := strings.Cut(strings.ToLower(text), "e"); scientific {
		if e, err := strconv.Atoi(exponent); err != nil || e > longestExponent || e < -longestExponent {
			sign := "+"
			if strings.HasPrefix(exponent, "-") {
				sign = "-"
			}
			text = mantissa + "e" + sign + strconv.Itoa(longestExponent)
		}
	}
	value, _ := new(big.Rat).SetString(text)
	return value
}

// bound is a limit of numbers.
type bound struct {
	exact *big.Rat
	whole int64 // if it is small
	small bool
	text  string // in an error
}

func newBound(n json.Number) bound {
	b := bound{exact: rational(n)}
	var err error
	b.whole, err = n.Int64()
	b.small = err == nil
	if b.text = b.exact.RatString(); !b.exact.IsInt() {
		f, _ := b.exact.Float64()
		b.text = strconv.FormatFloat(f, 'g', -1, 64)
	}
	return b
}

// compare returns -1, 0 or 1 as a number is less than, equal to or greater than the bound.
func (b bound) compare(n json.Number) int {
	if value, err := n.Int64(); b.small && err == nil {
		switch {
		case value < b.whole:
			return -1
		case value > b.whole:
			return 1
		default:
			return 0
		}
	}
	return rational(n).Cmp(b.exact)
}

// whole reports whether a number has no fraction: 1.0 has none.
func whole(n json.Number) bool {
	return !strings.ContainsAny(string(n), ".eE") || rational(n).IsInt()
}
