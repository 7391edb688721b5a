package policy

import (
	"fmt"
	"slices"
	"strings"
)

// quantifier says how many of a request's values must meet a condition.
type quantifier string

const (
	single   quantifier = ""
	everyOne quantifier = "ForAllValues"
	anyOne   quantifier = "ForAnyValue"
)

// condition is one key under one operator of a Condition block.
type condition struct {
	quantifier quantifier
	operator   operator // without compare for the operator Null
	ifExists   bool
	key        string
	values     []string
}

// newCondition parses an operator such as "ForAnyValue:StringLikeIfExists". The condition has no key yet.
func newCondition(name string) (condition, error) {
	var c condition
	base := name
	if prefix, rest, found := strings.Cut(name, ":"); found {
		c.quantifier, base = quantifier(prefix), rest
	}
	base, c.ifExists = strings.CutSuffix(base, "IfExists")
	op, known := operators[base]
	if !known || !slices.Contains([]quantifier{single, everyOne, anyOne}, c.quantifier) || base == "Null" && name != "Null" {
		return c, fmt.Errorf("the local cloud does not know the condition operator %q", name)
	}
	c.operator = op
	return c, nil
}

// on returns the condition for a key and its values.
func (c condition) on(key string, values []string) (condition, error) {
	c.key, c.values = key, values
	if !knows(key) {
		return c, fmt.Errorf("the local cloud does not know the condition key %q", key)
	}
	for _, value := range values {
		if c.operator.valid != nil && !c.operator.valid(value) {
			return c, fmt.Errorf("a condition on %s cannot be %q", key, value)
		}
	}
	return c, nil
}

// holds evaluates a condition according to IAM's reference of condition operators.
func (c condition) holds(r Request) bool {
	got := r.lookUp(c.key)
	if c.operator.compare == nil {
		return slices.ContainsFunc(c.values, func(v string) bool { return strings.EqualFold(v, fmt.Sprint(len(got) == 0)) })
	}
	every := c.quantifier == everyOne || c.quantifier == single && c.operator.negated
	if len(got) == 0 {
		return c.ifExists || every
	}
	if every {
		return !slices.ContainsFunc(got, func(v string) bool { return !c.accepts(v) })
	}
	return slices.ContainsFunc(got, c.accepts)
}

func (c condition) accepts(value string) bool {
	return slices.ContainsFunc(c.values, func(want string) bool { return c.operator.compare(want, value) }) != c.operator.negated
}
