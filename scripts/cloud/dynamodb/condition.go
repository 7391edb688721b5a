package dynamodb

import (
	"slices"
	"strings"
)

// condition is a condition, filter or key condition expression.
type condition interface {
	holds(Item) bool
}

type (
	and struct{ left, right condition }
	or  struct{ left, right condition }
	not struct{ condition condition }

	comparison struct {
		operator    string
		left, right operand
	}
	between struct{ operand, low, high operand }
	in      struct {
		operand operand
		choices []operand
	}

	exists     struct{ path path }
	ofType     struct{ operand, kind operand }
	beginsWith struct{ operand, prefix operand }
	contains   struct{ operand, part operand }
)

func (c and) holds(item Item) bool { return c.left.holds(item) && c.right.holds(item) }
func (c or) holds(item Item) bool  { return c.left.holds(item) || c.right.holds(item) }
func (c not) holds(item Item) bool { return !c.condition.holds(item) }

// holds returns false where a side is missing, except for <>: a missing value differs from every value.
func (c comparison) holds(item Item) bool {
	left, right := c.left.value(item), c.right.value(item)
	switch c.operator {
	case "=":
		return left != nil && right != nil && equal(left, right)
	case "<>":
		return left == nil || right == nil || !equal(left, right)
	}
	return ordered(c.operator, left, right)
}

func ordered(operator string, left, right Value) bool {
	if left == nil || right == nil {
		return false
	}
	order, ok := compare(left, right)
	switch operator {
	case "<":
		return ok && order < 0
	case "<=":
		return ok && order <= 0
	case ">":
		return ok && order > 0
	case ">=":
		return ok && order >= 0
	}
	panic("dynamodb: unknown comparator " + operator)
}

func (c between) holds(item Item) bool {
	v := c.operand.value(item)
	return ordered(">=", v, c.low.value(item)) && ordered("<=", v, c.high.value(item))
}

func (c in) holds(item Item) bool {
	return slices.ContainsFunc(c.choices, func(choice operand) bool {
		return comparison{"=", c.operand, choice}.holds(item)
	})
}

func (c exists) holds(item Item) bool { return c.path.value(item) != nil }

func (c ofType) holds(item Item) bool {
	v, kind := c.operand.value(item), c.kind.value(item)
	return v != nil && kind == String(v.kind())
}

func (c beginsWith) holds(item Item) bool {
	switch v := c.operand.value(item).(type) {
	case String:
		prefix, ok := c.prefix.value(item).(String)
		return ok && strings.HasPrefix(string(v), string(prefix))
	case Binary:
		prefix, ok := c.prefix.value(item).(Binary)
		return ok && strings.HasPrefix(string(v), string(prefix))
	}
	return false
}

func (c contains) holds(item Item) bool {
	part := c.part.value(item)
	if part == nil {
		return false
	}
	switch v := c.operand.value(item).(type) {
	case String:
		s, ok := part.(String)
		return ok && strings.Contains(string(v), string(s))
	case Binary:
		b, ok := part.(Binary)
		return ok && strings.Contains(string(v), string(b))
	case Set:
		return v.has(part)
	case List:
		return slices.ContainsFunc(v, func(element Value) bool { return equal(element, part) })
	}
	return false
}
