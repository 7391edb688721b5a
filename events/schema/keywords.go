package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// types are JSON Schema's types, in the order in which errors list them.
var types = []string{"null", "boolean", "number", "integer", "string", "array", "object"}

// keyword compiles one keyword of a schema. The rule is nil where others do its work, or where it is an annotation.
func (c *compiler) keyword(n *node, at, name string, s map[string]any) (rule, error) {
	k := keyword{compiler: c, node: n, at: at + pointer([]string{name}), operand: s[name]}
	otherwise := "as the schema's " + name + " asks"
	switch name {
	case "type":
		return k.ofType()
	case "const":
		return when(func(v any) bool { return equal(v, k.operand) }, fmt.Sprint(k.operand)), nil
	case "enum":
		values, err := list(k)
		return when(func(v any) bool { return slices.ContainsFunc(values, func(want any) bool { return equal(v, want) }) }, "one of "+joined(values)), err
	case "format":
		format, _ := k.operand.(string)
		valid := formats[format]
		if valid == nil {
			return nil, k.must("one of the formats " + strings.Join(slices.Sorted(maps.Keys(formats)), ", "))
		}
		return text(func(v string) bool { return valid(v) }, "of the format "+format), nil
	case "minLength":
		limit, err := count(k)
		return text(func(v string) bool { return utf8.RuneCountInString(v) >= limit }, fmt.Sprintf("at least %d characters long", limit)), err
	case "maxLength":
		limit, err := count(k)
		return text(func(v string) bool { return utf8.RuneCountInString(v) <= limit }, fmt.Sprintf("at most %d characters long", limit)), err
	case "pattern":
		expression, err := k.expression(k.operand)
		if err != nil {
			return nil, err
		}
		return text(expression.MatchString, "text that matches "+expression.String()), nil
	case "minimum":
		return k.limit("at least ", func(order int) bool { return order >= 0 })
	case "maximum":
		return k.limit("at most ", func(order int) bool { return order <= 0 })
	case "exclusiveMinimum":
		return k.limit("more than ", func(order int) bool { return order > 0 })
	case "exclusiveMaximum":
		return k.limit("less than ", func(order int) bool { return order < 0 })
	case "multipleOf":
		return k.multiple(otherwise)
	case "minItems":
		limit, err := count(k)
		return items(func(v []any) bool { return len(v) >= limit }, fmt.Sprintf("at least %d items long", limit)), err
	case "maxItems":
		limit, err := count(k)
		return items(func(v []any) bool { return len(v) <= limit }, fmt.Sprintf("at most %d items long", limit)), err
	case "uniqueItems":
		wanted, err := flag(k)
		return items(func(v []any) bool { return !wanted || unique(v) }, otherwise), err
	case "items":
		return k.items(s)
	case "prefixItems":
		return k.prefix()
	case "minProperties":
		limit, err := count(k)
		return members(func(v map[string]any) bool { return len(v) >= limit }, otherwise), err
	case "maxProperties":
		limit, err := count(k)
		return members(func(v map[string]any) bool { return len(v) <= limit }, otherwise), err
	case "required":
		return k.required()
	case "properties", "patternProperties", "additionalProperties":
		return k.properties(s, at, name)
	case "propertyNames":
		names, err := c.compile(k.at)
		c.names = append(c.names, k)
		return members(func(v map[string]any) bool {
			for name := range v {
				if names.check(name) != nil {
					return false
				}
			}
			return true
		}, otherwise), err
	case "$ref":
		to, err := c.reference(k.at, k.operand)
		n.same = append(n.same, to)
		return func(v any) []Violation { return to.check(v) }, err
	case "allOf", "anyOf", "oneOf":
		return k.alternatives(n, name, otherwise)
	case "not":
		unwanted, err := c.compile(k.at)
		n.same = append(n.same, unwanted)
		return when(func(v any) bool { return unwanted.check(v) != nil }, otherwise), err
	case "dependentRequired":
		return k.dependent(otherwise)
	case "contains":
		return k.contains(s, otherwise)
	case "minContains", "maxContains":
		_, err := count(k)
		return nil, err // see contains
	case "if":
		return k.condition(n, at, s)
	case "then", "else":
		_, err := c.compile(k.at)
		return nil, err // see if
	case "$schema":
		dialect, _ := k.operand.(string)
		if strings.TrimSuffix(dialect, "#") != draft {
			return nil, k.must(draft)
		}
		return nil, nil
	case "$defs":
		defs, err := object(k)
		for _, name := range slices.Sorted(maps.Keys(defs)) {
			if _, err := c.compile(k.at + pointer([]string{name})); err != nil {
				return nil, err
			}
		}
		return nil, err
	case PersonalKeyword:
		if n.personal = k.operand == true; !n.personal {
			return nil, k.must("true; leave it out where nothing is personal")
		}
		return nil, nil
	}
	if like := NearlyPersonal(name); like != "" {
		return nil, k.must("left out: this keyword is not known here" + like)
	}
	if !slices.Contains(annotations, name) && !strings.HasPrefix(name, "x-") {
		return nil, k.must("left out: this keyword is not known here")
	}
	return nil, nil
}

// dependent compiles dependentRequired: members that some members need.
func (k keyword) dependent(expected string) (rule, error) {
	operands, err := object(k)
	needed := map[string][]any{}
	for name, operand := range operands {
		list, ok := operand.([]any)
		if !ok {
			return nil, k.must("an object of lists of members")
		}
		needed[name] = list
	}
	return members(func(v map[string]any) bool {
		for name, list := range needed {
			if _, given := v[name]; !given {
				continue
			}
			for _, other := range list {
				text, _ := other.(string)
				if _, given := v[text]; !given {
					return false
				}
			}
		}
		return true
	}, expected), err
}

// contains compiles contains, minContains and maxContains.
func (k keyword) contains(s map[string]any, expected string) (rule, error) {
	wanted, err := k.compile(k.at)
	if err != nil {
		return nil, err
	}
	limit := func(name string, otherwise int) int {
		if number, given := s[name].(json.Number); given {
			if n, err := number.Int64(); err == nil {
				return int(n)
			}
		}
		return otherwise
	}
	k.node.each = append(k.node.each, wanted)
	least, most := limit("minContains", 1), limit("maxContains", math.MaxInt)
	return items(func(v []any) bool {
		found := 0
		for _, item := range v {
			if wanted.check(item) == nil {
				found++
			}
		}
		return found >= least && found <= most
	}, expected), nil
}

// condition compiles if, then and else.
func (k keyword) condition(n *node, at string, s map[string]any) (rule, error) {
	test, err := k.compile(k.at)
	if err != nil {
		return nil, err
	}
	branches := map[bool]*node{true: {}, false: {}}
	for holds, name := range map[bool]string{true: "then", false: "else"} {
		if _, given := s[name]; given {
			if branches[holds], err = k.compile(at + "/" + name); err != nil {
				return nil, err
			}
		}
	}
	n.same = append(n.same, test, branches[true], branches[false])
	return func(v any) []Violation { return branches[test.check(v) == nil].check(v) }, nil
}

// keyword is a keyword that is being compiled.
type keyword struct {
	*compiler
	node    *node
	at      string // its JSON pointer
	operand any
}

// must returns an error that says what the operand must be.
func (k keyword) must(expected string) error {
	return &misuse{Violation{Place: k.at, Expected: expected}}
}

func list(k keyword) ([]any, error) {
	values, ok := k.operand.([]any)
	if !ok || len(values) == 0 {
		return nil, k.must("a list with a value at least")
	}
	return values, nil
}

func object(k keyword) (map[string]any, error) {
	values, ok := k.operand.(map[string]any)
	if !ok {
		return nil, k.must("an object")
	}
	return values, nil
}

func flag(k keyword) (bool, error) {
	value, ok := k.operand.(bool)
	if !ok {
		return false, k.must("true or false")
	}
	return value, nil
}

// count returns an operand that is a number of things.
func count(k keyword) (int, error) {
	number, _ := k.operand.(json.Number)
	n, err := number.Int64()
	if err != nil || n < 0 || n > 1<<31 {
		return 0, k.must("a whole number that is not negative")
	}
	return int(n), nil
}

func (k keyword) expression(operand any) (*regexp.Regexp, error) {
	pattern, ok := operand.(string)
	expression, err := regexp.Compile(pattern)
	if !ok || err != nil {
		return nil, k.must(fmt.Sprintf("a regular expression that Go knows: %v", err))
	}
	return expression, nil
}

// text, items and members return rules for values of one type; others are valid.
func text(holds func(string) bool, expected string) rule {
	return when(func(v any) bool { s, ok := v.(string); return !ok || holds(s) }, expected)
}

func items(holds func([]any) bool, expected string) rule {
	return when(func(v any) bool { s, ok := v.([]any); return !ok || holds(s) }, expected)
}

func members(holds func(map[string]any) bool, expected string) rule {
	return when(func(v any) bool { s, ok := v.(map[string]any); return !ok || holds(s) }, expected)
}

func (k keyword) ofType() (rule, error) {
	wanted, several := k.operand.([]any)
	if !several {
		wanted = []any{k.operand}
	}
	var names []string
	for _, name := range wanted {
		text, _ := name.(string)
		if !slices.Contains(types, text) {
			return nil, k.must("one of " + strings.Join(types, ", ") + ", or a list of them")
		}
		names = append(names, text)
	}
	slices.SortFunc(names, func(a, b string) int { return slices.Index(types, a) - slices.Index(types, b) })
	expected := "of type " + strings.Join(names, " or ") + ", not "
	return func(v any) []Violation {
		is := typeOf(v)
		if slices.Contains(names, is) {
			return nil
		}
		if number, ok := v.(json.Number); ok && slices.Contains(names, "integer") && whole(number) {
			return nil
		}
		return []Violation{{Expected: expected + is}}
	}, nil
}

func joined(values []any) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = fmt.Sprint(value)
	}
	return strings.Join(texts, ", ")
}

func (k keyword) limit(words string, holds func(order int) bool) (rule, error) {
	number, ok := k.operand.(json.Number)
	if !ok {
		return nil, k.must("a number")
	}
	limit := newBound(number)
	return when(func(v any) bool {
		n, ok := v.(json.Number)
		return !ok || holds(limit.compare(n))
	}, words+limit.text), nil
}

func (k keyword) multiple(expected string) (rule, error) {
	number, ok := k.operand.(json.Number)
	if !ok || rational(number).Sign() <= 0 {
		return nil, k.must("a number above 0")
	}
	factor := rational(number)
	return when(func(v any) bool {
		n, ok := v.(json.Number)
		if !ok {
			return true
		}
		exact := rational(n)
		return exact.Quo(exact, factor).IsInt()
	}, expected), nil
}

func unique(values []any) bool {
	for i, value := range values {
		if slices.ContainsFunc(values[:i], func(earlier any) bool { return equal(earlier, value) }) {
			return false
		}
	}
	return true
}

func (k keyword) items(s map[string]any) (rule, error) {
	each, err := k.compile(k.at)
	prefix, _ := s["prefixItems"].([]any)
	k.node.each = append(k.node.each, each)
	return func(v any) (violations []Violation) {
		values, _ := v.([]any)
		for i := len(prefix); i < len(values); i++ {
			violations = append(violations, each.item(i, values[i])...)
		}
		return violations
	}, err
}

func (k keyword) prefix() (rule, error) {
	nodes, err := k.schemas()
	k.node.prefix = nodes
	return func(v any) (violations []Violation) {
		values, _ := v.([]any)
		for i := range min(len(nodes), len(values)) {
			violations = append(violations, nodes[i].item(i, values[i])...)
		}
		return violations
	}, err
}

// schemas compiles an operand that is a list of schemas.
func (k keyword) schemas() ([]*node, error) {
	operands, err := list(k)
	nodes := make([]*node, len(operands))
	for i := range operands {
		if nodes[i], err = k.compile(fmt.Sprintf("%s/%d", k.at, i)); err != nil {
			return nil, err
		}
	}
	return nodes, err
}

func (k keyword) required() (rule, error) {
	operands, ok := k.operand.([]any)
	names := make([]string, len(operands))
	for i := range operands {
		var text bool
		names[i], text = operands[i].(string)
		ok = ok && text
	}
	if !ok {
		return nil, k.must("a list of members")
	}
	return func(v any) (violations []Violation) {
		object, ok := v.(map[string]any)
		for _, name := range names {
			if _, given := object[name]; ok && !given {
				violations = append(violations, Violation{Place: pointer([]string{name}), Expected: "given"})
			}
		}
		return violations
	}, nil
}

// properties compiles properties, patternProperties and additionalProperties, which are one rule: that of the first of
// them by name.
func (k keyword) properties(s map[string]any, at, name string) (rule, error) {
	for _, first := range []string{"additionalProperties", "patternProperties", "properties"} {
		if _, given := s[first]; given && first < name {
			return nil, nil
		}
	}
	p := &properties{named: map[string]*node{}}
	k.node.members = p
	for _, part := range []string{"properties", "patternProperties"} {
		operand, given := s[part]
		if !given {
			continue
		}
		k.at, k.operand = at+"/"+part, operand
		schemas, err := object(k)
		if err != nil {
			return nil, err
		}
		for _, name := range slices.Sorted(maps.Keys(schemas)) {
			node, err := k.compile(k.at + pointer([]string{name}))
			if err != nil {
				return nil, err
			}
			p.known = append(p.known, name)
			if part == "properties" {
				p.named[name] = node
				continue
			}
			expression, err := k.expression(name)
			if err != nil {
				return nil, err
			}
			p.matching = append(p.matching, pattern{expression, node})
		}
	}
	if operand, given := s["additionalProperties"]; given {
		p.closed = operand == false
		var err error
		if p.others, err = k.compile(at + "/additionalProperties"); err != nil {
			return nil, err
		}
	}
	return p.check, nil
}

// properties says what the members of an object must be.
type properties struct {
	named    map[string]*node
	matching []pattern
	others   *node // nil: anything
	closed   bool  // there may be no others
	known    []string
}

type pattern struct {
	*regexp.Regexp
	node *node
}

func (p *properties) check(v any) (violations []Violation) {
	object, _ := v.(map[string]any)
	for name, value := range object {
		node, known := p.named[name]
		if known {
			violations = append(violations, node.inside(name, value)...)
		}
		for _, pattern := range p.matching {
			if pattern.MatchString(name) {
				known = true
				violations = append(violations, pattern.node.inside(name, value)...)
			}
		}
		switch {
		case known || p.others == nil:
		case p.closed:
			violations = append(violations, Violation{Place: pointer([]string{name}), Expected: "left out: known here are " + strings.Join(p.known, ", ")})
		default:
			violations = append(violations, p.others.inside(name, value)...)
		}
	}
	return violations
}

// alternatives compiles allOf, anyOf and oneOf. A violation of the latter two is one, because each of the branches alone
// would mislead.
func (k keyword) alternatives(n *node, name, expected string) (rule, error) {
	nodes, err := k.schemas()
	if err != nil {
		return nil, err
	}
	n.same = append(n.same, nodes...)
	if name == "allOf" {
		return func(v any) (violations []Violation) {
			for _, node := range nodes {
				violations = append(violations, node.check(v)...)
			}
			return violations
		}, nil
	}
	return when(func(v any) bool {
		valid := 0
		for _, node := range nodes {
			if node.check(v) == nil {
				valid++
			}
		}
		return valid == 1 || valid > 1 && name == "anyOf"
	}, expected), nil
}
