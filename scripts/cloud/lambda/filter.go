package lambda

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	jsonv2 "github.com/go-json-experiment/json"

	"example.com/localcloud/eventbridge/pattern"
)

// Quotas of filters (Lambda quotas; API reference of Filter).
const (
	maxFilters = 5
	maxPattern = 4096 // characters
)

// FilterCriteria selects the messages that a mapping passes to its function: those that match at least one of the
// patterns. The mapping deletes the others.
type FilterCriteria struct{ Filters []Filter }

// Filter is a pattern as JSON: {"body": {"state": ["lit"]}}.
type Filter struct{ Pattern string }

// filter is a compiled pattern. A queue's messages are filtered by their body only (developer guide, "Using event
// filtering with an Amazon SQS event source").
type filter struct {
	pattern *pattern.Pattern
	text    bool // it is for a body that isn't JSON
}

// compile returns the patterns. Without any, every message matches.
func (c *FilterCriteria) compile() ([]filter, error) {
	if c == nil {
		return nil, nil
	}
	if len(c.Filters) > maxFilters {
		return nil, invalid("a mapping has at most %d filters, not %d", maxFilters, len(c.Filters))
	}
	filters := make([]filter, len(c.Filters))
	for i, f := range c.Filters {
		var err error
		if filters[i], err = compileFilter(f.Pattern); err != nil {
			return nil, invalid("Invalid filter pattern definition. %v: %.300s", err, f.Pattern)
		}
	}
	return filters, nil
}

func compileFilter(text string) (f filter, err error) {
	if len([]rune(text)) > maxPattern {
		return f, fmt.Errorf("it has more than %d characters", maxPattern)
	}
	if f.pattern, err = pattern.Compile([]byte(text)); err != nil {
		return f, err
	}
	var members map[string]any
	if err := jsonv2.Unmarshal([]byte(text), &members); err != nil { // takes no name twice, unlike EventBridge
		return f, err
	}
	for name := range members {
		if name != "body" {
			return f, fmt.Errorf("the messages of a queue are filtered by their body, not by %q", name)
		}
	}
	_, f.text = members["body"].([]any)
	return f, checkOperators(members)
}

// filterOperators are the comparison operators that Lambda documents, which are not all of EventBridge's (developer guide,
// "Control which events Lambda sends to your function", the table of comparison operators).
var filterOperators = []string{"anything-but", "equals-ignore-case", "exists", "numeric", "prefix", "suffix"}

// checkOperators checks a pattern that EventBridge takes.
func checkOperators(fields map[string]any) error {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if inner, nested := fields[name].(map[string]any); nested {
			if err := checkOperators(inner); err != nil {
				return err
			}
			continue
		}
		for _, element := range fields[name].([]any) { // EventBridge takes nothing else
			o, isObject := element.(map[string]any)
			if !isObject {
				continue
			}
			check := checkOperator
			if name == "$or" {
				check = checkOperators
			}
			if err := check(o); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkOperator(expression map[string]any) error {
	for name, operand := range expression {
		if _, nested := operand.(map[string]any); nested || !slices.Contains(filterOperators, name) {
			return fmt.Errorf("the operator %s %v is not one of Lambda's", name, operand)
		}
	}
	return nil
}

// matches reports whether a body matches. If only one of body and pattern is JSON, it doesn't.
func (f filter) matches(body string) bool {
	isJSON := json.Valid([]byte(body))
	if isJSON == f.text {
		return false
	}
	if f.text {
		quoted, _ := json.Marshal(body) // strings always marshal
		body = string(quoted)
	}
	matched, err := f.pattern.Match([]byte(`{"body":` + body + `}`))
	return matched && err == nil
}
