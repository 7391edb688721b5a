package sns

import (
	"encoding/json"
	"math"
)

// condition is one entry in the list of conditions for a key of a filter policy.
type condition struct {
	exists *bool          // set if it tests whether a value exists
	match  func(any) bool // tests a value: a string, number (see scaled), bool or nil
}

// holds reports whether the condition holds for the values of a key.
func (c condition) holds(values []any, present bool) bool {
	if c.exists != nil {
		return *c.exists == present
	}
	for _, value := range values {
		if _, isObject := value.(map[string]any); present && !isObject && c.match(value) {
			return true
		}
	}
	return false
}

func compileCondition(value any) (condition, error) {
	object, isObject := value.(map[string]any)
	if !isObject {
		match, err := equals(value)
		return condition{match: match}, err
	}
	if len(object) != 1 {
		return condition{}, errFilter("Only one key allowed in match expression")
	}
	for operator, operand := range object {
		switch operator {
		case "exists":
			exists, ok := operand.(bool)
			if !ok {
				return condition{}, errFilter("exists match pattern must be either true or false.")
			}
			return condition{exists: &exists}, nil
		case "numeric":
			match, err := compileNumeric(operand)
			return condition{match: match}, err
		case "anything-but":
			match, err := anythingBut(operand)
			return condition{match: match}, err
		default:
			match, err := compileText(operator, operand)
			return condition{match: match}, err
		}
	}
	return condition{}, nil
}

func equals(want any) (func(any) bool, error) {
	switch want := want.(type) {
	case json.Number:
		number, ok := scaled(want)
		if !ok {
			return nil, errFilter("Match value %s must be between -1.0E9 and 1.0E9, inclusive", want)
		}
		return func(got any) bool {
			n, ok := scaled(got)
			return ok && n == number
		}, nil
	case string, bool, nil:
		return func(got any) bool { return got == want }, nil
	default:
		return nil, errFilter("Match value must be String, number, true, false, or null")
	}
}

// scaled returns a number in units of its fifth decimal, the precision of SNS. ok is false if the value isn't a
// number or its magnitude exceeds a thousand million.
func scaled(value any) (float64, bool) {
	number, isNumber := value.(json.Number)
	if !isNumber {
		return 0, false
	}
	f, err := number.Float64()
	return math.Round(f * 1e5), err == nil && math.Abs(f) <= 1e9
}

// anythingBut compiles the operand of anything-but: a value, a list of values or a string operator.
func anythingBut(operand any) (func(any) bool, error) {
	unwanted := []any{operand}
	if list, isList := operand.([]any); isList {
		unwanted = list
	}
	if len(unwanted) == 0 {
		return nil, errFilter("Empty arrays are not allowed")
	}
	var matches []func(any) bool
	for _, value := range unwanted {
		match, err := equals(value)
		if object, isObject := value.(map[string]any); isObject && len(object) == 1 && len(unwanted) == 1 {
			for operator, text := range object {
				if operator != "prefix" && operator != "suffix" {
					return nil, errFilter("Unsupported anything-but pattern: %s", operator)
				}
				match, err = compileText(operator, text)
			}
		}
		if err != nil {
			return nil, err
		}
		matches = append(matches, match)
	}
	return func(got any) bool {
		for _, match := range matches {
			if match(got) {
				return false
			}
		}
		return true
	}, nil
}
