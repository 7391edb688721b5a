package dynamodb

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
)

//go:embed reserved.txt
var reservedText string

// reserved holds the reserved words that AWS's developer guide lists ("Reserved words in DynamoDB").
var reserved = func() map[string]bool {
	words := map[string]bool{}
	for word := range strings.FieldsSeq(reservedText) {
		words[word] = true
	}
	return words
}()

// scope holds the names and values that the expressions of one request may refer to. Each must be used.
type scope struct {
	names    map[string]string
	values   Item
	used     map[string]bool
	declared bool // whether the request has an expression
}

func newScope(names map[string]string, values Item) (*scope, error) {
	switch {
	case names != nil && len(names) == 0:
		return nil, invalid("ExpressionAttributeNames must not be empty")
	case values != nil && len(values) == 0:
		return nil, invalid("ExpressionAttributeValues must not be empty")
	}
	if err := checkReferences("ExpressionAttributeNames", '#', names); err != nil {
		return nil, err
	}
	for alias, name := range names {
		if problem := badName(name); problem != "" {
			return nil, invalid("ExpressionAttributeNames contains invalid value: %s; key: %s", problem, alias)
		}
	}
	return &scope{names: names, values: values, used: map[string]bool{}},
		checkReferences("ExpressionAttributeValues", ':', values)
}

func checkReferences[V any](member string, sign byte, all map[string]V) error {
	for key := range all {
		if len(key) < 2 || key[0] != sign || strings.TrimFunc(key[1:], isWordRune) != "" {
			return invalid(`%s contains invalid key: Syntax error; key: "%s"`, member, key)
		}
	}
	return nil
}

// finish rejects names and values that no expression used. The argument names the expressions that could have used
// them.
func (s *scope) finish(expressions string) error {
	if !s.declared {
		switch {
		case s.names != nil:
			return invalid("ExpressionAttributeNames can only be specified when using expressions")
		case s.values != nil:
			return invalid("ExpressionAttributeValues can only be specified when using expressions: %s null", expressions)
		}
	}
	if err := unused("ExpressionAttributeNames", s.names, s.used); err != nil {
		return err
	}
	return unused("ExpressionAttributeValues", s.values, s.used)
}

func unused[V any](member string, all map[string]V, used map[string]bool) error {
	var left []string
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if !used[key] {
			left = append(left, key)
		}
	}
	if left == nil {
		return nil
	}
	return invalid("Value provided in %s unused in expressions: keys: {%s}", member, strings.Join(left, ", "))
}
