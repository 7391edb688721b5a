package pattern

import (
	"fmt"
	"strings"
)

// compileAnythingBut compiles {"anything-but": operand}, where operand is a string, a number, a list of either, or a
// string operator with one operand or a list.
func compileAnythingBut(operand any) (matcher, error) {
	switch v := operand.(type) {
	case object:
		return compileAnythingButMatch(v)
	case []any:
		return compileAnythingButList(v)
	case nil, bool:
		return matcher{}, errorf("Value of anything-but must be an array or single string/number value.")
	}
	return compileAnythingButList([]any{operand})
}

func compileAnythingButList(list []any) (matcher, error) {
	texts, numbers := 0, 0
	var none []matcher
	for _, element := range list {
		switch {
		case isText(element):
			texts++
		case isNumber(element):
			numbers++
		default:
			return matcher{}, errorf("Inside anything but list, start|null|boolean is not supported.")
		}
		m := exactly(element)
		if m.exact.kind == spelling {
			return matcher{}, errorf("Cannot compare number : %s", m.text)
		}
		none = append(none, m)
	}
	if (texts == 0) == (numbers == 0) {
		return matcher{}, errorf("Inside anything but list, either all values are number or string, mixed type is not supported")
	}
	return anythingBut("", none), nil
}

// butTexts maps the operators that anything-but may contain to AWS's error text for an operand that isn't a string.
var butTexts = map[string]string{
	"prefix":             "prefix/suffix match pattern must be a string",
	"suffix":             "prefix/suffix match pattern must be a string",
	"equals-ignore-case": "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.",
	"wildcard":           "wildcard match pattern must be a string",
}

func compileAnythingButMatch(o object) (matcher, error) {
	if len(o) == 0 {
		return matcher{}, errorf("Match expression name not found")
	}
	name, complaint := o[0].name, butTexts[o[0].name]
	if complaint == "" {
		return matcher{}, errorf("Unsupported anything-but pattern: %s", name)
	}
	list, isList := o[0].value.([]any)
	if !isList {
		list = []any{o[0].value}
	}
	none, err := compileTexts(name, list, complaint)
	if err == nil && len(o) > 1 {
		err = errorf("Too many elements in numeric expression") // AWS's wording
	}
	return anythingBut(name+" ", none), err
}

func compileTexts(operator string, list []any, complaint string) ([]matcher, error) {
	if len(list) == 0 {
		return nil, errorf("Empty arrays are not allowed")
	}
	var compiled []matcher
	for _, operand := range list {
		if _, isObject := operand.(object); isObject {
			return nil, errorf("Value of anything-but must be an array or single string/number value.")
		}
		if !isText(operand) {
			return nil, errorf("%s", complaint)
		}
		if operand == "" && (operator == "prefix" || operator == "suffix") {
			return nil, errorf("Null prefix/suffix not allowed")
		}
		m, err := operators[operator](operand)
		if err != nil {
			return nil, err
		}
		m.text = fmt.Sprint(operand)
		compiled = append(compiled, m)
	}
	return compiled, nil
}

// anythingBut returns a matcher for values that match none of the given matchers.
func anythingBut(name string, none []matcher) matcher {
	var texts []string
	cost := 0
	for _, m := range none {
		texts = append(texts, m.text)
		cost = max(cost, m.cost)
	}
	match := func(v *value) bool {
		for i := range none {
			if none[i].match(v) {
				return false
			}
		}
		return true
	}
	return matcher{text: "anything-but " + name + strings.Join(texts, ", "), match: match, cost: cost}
}
