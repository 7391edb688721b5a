package sns

import (
	"encoding/json"
	"math"
)

// interval is the range that a numeric condition accepts, in units of the fifth decimal.
type interval struct {
	bottom, top         float64
	openBottom, openTop bool
}

func (i interval) holds(value any) bool {
	n, ok := scaled(value)
	return ok && (n > i.bottom || n == i.bottom && !i.openBottom) && (n < i.top || n == i.top && !i.openTop)
}

// compileNumeric compiles ["=", 5], [">", 0] or [">=", 0, "<", 100].
func compileNumeric(operand any) (func(any) bool, error) {
	list, isList := operand.([]any)
	if !isList {
		return nil, errFilter("Value of numeric must be an array.")
	}
	if len(list) == 0 {
		return nil, errFilter("Invalid member in numeric match: ]")
	}
	operator, isText := list[0].(string)
	if !isText {
		return nil, errFilter("Invalid member in numeric match: %s", encode(list[0]))
	}
	i := interval{bottom: math.Inf(-1), top: math.Inf(1)}
	value, err := i.bound(operator, list[1:])
	if err != nil {
		return nil, err
	}
	rest := list[2:]
	if len(rest) == 0 {
		return i.holds, nil
	}
	if operator != ">" && operator != ">=" {
		return nil, errFilter("Too many elements in numeric expression")
	}
	second, isText := rest[0].(string)
	if !isText {
		return nil, errFilter("Bad value in numeric range: %s", encode(rest[0]))
	}
	if second != "<" && second != "<=" {
		return nil, errFilter("Bad numeric range operator: %s", second)
	}
	top, err := i.bound(second, rest[1:])
	switch {
	case err != nil:
		return nil, err
	case len(rest) > 2:
		return nil, errFilter("Too many terms in numeric range expression")
	case value >= top:
		return nil, errFilter("Bottom must be less than top")
	}
	return i.holds, nil
}

// bound sets the lower, the upper or both bounds from an operator and the value that follows it.
func (i *interval) bound(operator string, values []any) (float64, error) {
	name := operator
	if name == "=" {
		name = "equals"
	}
	switch operator {
	case "=", "<", "<=", ">", ">=":
	default:
		return 0, errFilter("Unrecognized numeric range operator: %s", operator)
	}
	if len(values) == 0 {
		return 0, errFilter("Value of %s must be numeric", name)
	}
	number, isNumber := values[0].(json.Number)
	if !isNumber {
		return 0, errFilter("Value of %s must be numeric", name)
	}
	value, ok := scaled(number)
	if !ok {
		return 0, errFilter("Value of %s must be between -1.0E9 and 1.0E9, inclusive", name)
	}
	if operator != "<" && operator != "<=" {
		i.bottom, i.openBottom = value, operator == ">"
	}
	if operator != ">" && operator != ">=" {
		i.top, i.openTop = value, operator == "<"
	}
	return value, nil
}
