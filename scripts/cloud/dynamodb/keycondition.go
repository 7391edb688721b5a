package dynamodb

import (
	"fmt"
	"slices"
)

// keyRange is a range of encoded keys: low ≤ key < high.
type keyRange struct{ low, high string }

// flipped maps each comparator to the one that means the same with its sides swapped.
var flipped = map[string]string{"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

// keyTest is a condition on one key attribute.
type keyTest struct {
	name     string
	operator string // =, <, <=, >, >=, BETWEEN, begins_with
	values   []Value
}

// checkTests rejects tests that no key schema can have.
func checkTests(tests []keyTest) error {
	if len(tests) > 2 {
		return invalid("Conditions can be of length 1 or 2 only")
	}
	if len(tests) == 2 && tests[0].name == tests[1].name {
		return invalid("Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key")
	}
	return nil
}

// keyRange returns the range of keys that meet a key condition's tests.
func (s keySchema) keyRange(tests []keyTest) (keyRange, error) {
	on := make([]keyTest, len(s))
	for i, a := range s {
		at := slices.IndexFunc(tests, func(t keyTest) bool { return t.name == a.name })
		if at < 0 {
			if i < len(tests) {
				return keyRange{}, invalid("Query condition missed key schema element: %s", a.name)
			}
			continue
		}
		on[i] = tests[at]
		if err := on[i].check(a); err != nil {
			return keyRange{}, err
		}
	}
	if len(tests) > len(s) || on[0].operator != "=" {
		return keyRange{}, invalid("Query key condition not supported")
	}
	within := partition(on[0].values[0])
	if len(tests) == 1 {
		return keyRange{within, after(within)}, nil
	}
	return on[1].within(within), nil
}

// within returns the range that a test on the sort key selects within a partition.
func (t keyTest) within(partition string) keyRange {
	at := partition + encodeValue(t.values[0])
	switch t.operator {
	case "<":
		return keyRange{partition, at}
	case "<=":
		return keyRange{partition, after(at)}
	case ">":
		return keyRange{after(at), after(partition)}
	case ">=":
		return keyRange{at, after(partition)}
	case "BETWEEN":
		return keyRange{at, after(partition + encodeValue(t.values[1]))}
	case "begins_with":
		prefix := partition + encodePrefix(t.values[0])
		return keyRange{prefix, after(prefix)}
	case "=":
		return keyRange{at, after(at)}
	}
	panic("dynamodb: unknown comparator " + t.operator)
}

func (t keyTest) check(a keyAttribute) error {
	for _, v := range t.values {
		if v.kind() != a.kind {
			return invalidParameter("Condition parameter type does not match schema type")
		}
		if empty := emptyKind(v); empty != "" && t.operator != "begins_with" {
			return invalid("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty %s value. Key: %s", empty, a.name)
		}
	}
	return nil
}

// keyTests splits a key condition into its tests.
func keyTests(c condition) ([]keyTest, error) {
	switch c := c.(type) {
	case and:
		left, err := keyTests(c.left)
		if err != nil {
			return nil, err
		}
		right, err := keyTests(c.right)
		return append(left, right...), err
	case comparison:
		return c.keyTest()
	case between:
		return newKeyTest("BETWEEN", c.operand, c.low, c.high)
	case beginsWith:
		return newKeyTest("begins_with", c.operand, c.prefix)
	case or:
		return nil, notInKey("OR")
	case not:
		return nil, notInKey("NOT")
	case in:
		return nil, notInKey("IN")
	case exists:
		return nil, notInKey("attribute_exists")
	case ofType:
		return nil, notInKey("attribute_type")
	case contains:
		return nil, notInKey("contains")
	}
	panic(fmt.Sprintf("dynamodb: unknown condition %T", c))
}

func notInKey(operator string) error {
	return invalid("Invalid operator used in KeyConditionExpression: %s", operator)
}

func (c comparison) keyTest() ([]keyTest, error) {
	if c.operator == "<>" {
		return nil, notInKey("<>")
	}
	if _, reversed := c.left.(literal); reversed {
		return newKeyTest(flipped[c.operator], c.right, c.left)
	}
	return newKeyTest(c.operator, c.left, c.right)
}

func newKeyTest(operator string, attribute operand, operands ...operand) ([]keyTest, error) {
	at, ok := attribute.(path)
	switch {
	case !ok:
		return nil, invalid("Invalid condition in KeyConditionExpression: No key attribute specified")
	case len(at) > 1:
		return nil, invalid("Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested attributes")
	}
	t := keyTest{name: at[0].name, operator: operator}
	for _, o := range operands {
		l, ok := o.(literal)
		if !ok {
			return nil, invalid("Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition")
		}
		t.values = append(t.values, l.Value)
	}
	return []keyTest{t}, nil
}
