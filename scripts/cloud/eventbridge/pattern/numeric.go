package pattern

import (
	"fmt"
	"math"
	"strings"
)

// interval is a range of numbers. Either end may be open.
type interval struct {
	low, high         float64
	openLow, openHigh bool
}

func (r interval) contains(n float64) bool {
	return (n > r.low || n == r.low && !r.openLow) && (n < r.high || n == r.high && !r.openHigh)
}

// compileNumeric compiles {"numeric": [operator, number]} or [operator, number, operator, number].
func compileNumeric(operand any) (matcher, error) {
	list, ok := operand.([]any)
	if !ok {
		return matcher{}, errorf("Value of numeric must be an array.")
	}
	r, rest, err := firstTerm(list)
	if err == nil && len(rest) > 0 {
		r, err = secondTerm(r, list[0].(string), rest)
	}
	return matcher{
		text:  "numeric " + spellTerms(list),
		match: func(v *value) bool { return v.kind == number && r.contains(v.number) },
	}, err
}

// spellTerms formats the operand for Explain: "> 0 <= 5".
func spellTerms(list []any) string { return strings.Trim(fmt.Sprint(list), "[]") }

func firstTerm(list []any) (interval, []any, error) {
	r := interval{low: math.Inf(-1), high: math.Inf(1)}
	if len(list) == 0 {
		return r, nil, errorf("Invalid member in numeric match: ]")
	}
	operator, ok := list[0].(string)
	if !ok {
		return r, nil, errorf("Invalid member in numeric match: %v", list[0])
	}
	if operator == "=" {
		return equalTerm(list[1:])
	}
	return boundTerm(r, operator, list[1:])
}

func equalTerm(rest []any) (interval, []any, error) {
	n, rest, err := takeNumber("equals", rest)
	if err == nil && len(rest) > 0 {
		err = errorf("Too many elements in numeric expression")
	}
	return interval{low: n, high: n}, nil, err
}

func boundTerm(r interval, operator string, rest []any) (interval, []any, error) {
	if operator == "" || !strings.Contains(" < <= > >= ", " "+operator+" ") {
		return r, nil, errorf("Unrecognized numeric range operator: %s", operator)
	}
	n, rest, err := takeNumber(operator, rest)
	if operator[0] == '<' {
		r.high, r.openHigh = n, operator == "<"
	} else {
		r.low, r.openLow = n, operator == ">"
	}
	return r, rest, err
}

// secondTerm parses the other end of a range.
func secondTerm(r interval, first string, rest []any) (interval, error) {
	if first[0] == '<' {
		return r, errorf("Too many elements in numeric expression") // the lower end must be first
	}
	second, ok := rest[0].(string)
	if !ok {
		return r, errorf("Bad value in numeric range: %v", rest[0])
	}
	if second != "" && second[0] == first[0] {
		return r, errorf("Bad numeric range operator: %s", second)
	}
	r, rest, err := boundTerm(r, second, rest[1:])
	switch {
	case err != nil:
		return r, err
	case len(rest) > 0:
		return r, errorf("Too many terms in numeric range expression")
	case r.low >= r.high:
		return r, errorf("Bottom must be less than top")
	}
	return r, nil
}

func takeNumber(operator string, list []any) (float64, []any, error) {
	if len(list) == 0 || !isNumber(list[0]) {
		return 0, nil, errorf("Value of %s must be numeric", operator)
	}
	v := valueOf(list[0].(numeral))
	if v.kind != number {
		return 0, nil, errorf("Cannot compare number : %s", v.text)
	}
	return v.number, list[1:], nil
}
