package policy

import (
	"fmt"
	"slices"
	"strings"
)

// operators compare a value of the policy with one of the request. A negated one holds if none of the policy's values
// matches.
var operators = map[string]struct {
	compare func(want, got string) bool
	negated bool
}{
	"StringEquals":              {compare: equal},
	"StringNotEquals":           {compare: equal, negated: true},
	"StringEqualsIgnoreCase":    {compare: strings.EqualFold},
	"StringNotEqualsIgnoreCase": {compare: strings.EqualFold, negated: true},
	"StringLike":                {compare: like},
	"StringNotLike":             {compare: like, negated: true},
	"ArnEquals":                 {compare: likeARN}, // equivalent to ArnLike, as IAM's reference says
	"ArnLike":                   {compare: likeARN},
	"ArnNotEquals":              {compare: likeARN, negated: true},
	"ArnNotLike":                {compare: likeARN, negated: true},
	"Bool":                      {compare: strings.EqualFold},
}

func equal(want, got string) bool { return want == got }

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
	compare    func(want, got string) bool // nil for the operator Null
	negated    bool
	ifExists   bool
	key        string
	values     []string
}

// newCondition parses an operator such as "ForAnyValue:StringLikeIfExists".
func newCondition(operator, key string, values []string) (condition, error) {
	c := condition{key: key, values: values}
	name := operator
	if prefix, rest, found := strings.Cut(operator, ":"); found {
		c.quantifier, name = quantifier(prefix), rest
	}
	name, c.ifExists = strings.CutSuffix(name, "IfExists")
	op, known := operators[name]
	known = known || operator == "Null"
	if !known || !slices.Contains([]quantifier{single, everyOne, anyOne}, c.quantifier) {
		return c, fmt.Errorf("the local cloud does not support the condition operator %q", operator)
	}
	c.compare, c.negated = op.compare, op.negated
	return c, nil
}

// holds evaluates a condition according to IAM's reference of condition operators.
func (c condition) holds(context map[string][]string) bool {
	got := lookUp(context, c.key)
	if c.compare == nil {
		return slices.Contains(c.values, fmt.Sprint(len(got) == 0))
	}
	if len(got) == 0 {
		return c.ifExists || c.quantifier == everyOne || c.quantifier == single && c.negated
	}
	if c.quantifier == everyOne || c.quantifier == single && c.negated {
		return !slices.ContainsFunc(got, func(v string) bool { return !c.accepts(v) })
	}
	return slices.ContainsFunc(got, c.accepts)
}

func (c condition) accepts(value string) bool {
	return slices.ContainsFunc(c.values, func(want string) bool { return c.compare(want, value) }) != c.negated
}

// lookUp finds a key case-insensitively, as IAM does.
func lookUp(context map[string][]string, key string) []string {
	if values, ok := context[key]; ok {
		return values
	}
	for name, values := range context {
		if strings.EqualFold(name, key) {
			return values
		}
	}
	return nil
}
