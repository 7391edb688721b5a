package sns

import (
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"example.com/localcloud/wire"
)

// Limits of filter policies. Source: Amazon SNS Developer Guide, "Filter policy constraints".
const (
	maxFilterKeys         = 5 // at the top level
	maxFilterCombinations = 150
	maxFilterSize         = 256 << 10 // bytes
)

// filter is a compiled filter policy. Every field must match, and one alternative of each $or.
type filter struct {
	fields       []field
	alternatives [][]*filter
	used         members // the members of a message that the policy looks at; set on the outermost filter
}

// field is one key of a filter policy. It has a nested policy, or conditions of which one must hold.
type field struct {
	name       string
	nested     *filter
	conditions []condition
	text       string // the conditions as written
}

// compiler tracks what the limits apply to.
type compiler struct {
	nesting bool // allowed
	depth   int
}

// compileFilter compiles a filter policy. It returns nil for an empty one. Its errors are AWS's InvalidParameter.
func compileFilter(text string, nesting bool) (*filter, error) {
	if text == "" {
		return nil, nil
	}
	if len(text) > maxFilterSize {
		return nil, errFilter("Filter policy is too long")
	}
	value, ok := read(text, nil)
	document, isObject := value.(map[string]any)
	if !ok || !isObject || !jsontext.Value(text).IsValid() { // because a name is repeated, or not in UTF-8
		return nil, errFilter("failed to parse JSON.")
	}
	if len(document) > maxFilterKeys {
		return nil, errFilter("Filter policy can not have more than 5 keys")
	}
	compiler := &compiler{nesting: nesting}
	compiled := &filter{}
	combinations, err := compiler.object(compiled, document)
	if err != nil {
		return nil, err
	}
	if combinations > maxFilterCombinations {
		return nil, errFilter("Filter policy is too complex")
	}
	compiled.used = members{}
	compiled.addUsed(compiled.used)
	return compiled, nil
}

func errFilter(format string, args ...any) *wire.Error {
	return errInvalid("FilterPolicy: "+format, args...)
}

// object compiles an object of a policy into f and counts its combinations of values. An array counts once for each
// level of its depth.
func (c *compiler) object(f *filter, document map[string]any) (combinations int, err error) {
	c.depth++
	defer func() { c.depth-- }()
	combinations = 1
	for _, name := range slices.Sorted(maps.Keys(document)) {
		count, err := c.key(f, name, document[name])
		if err != nil {
			return 0, err
		}
		combinations = min(combinations*count, maxFilterCombinations+1) // no overflow
	}
	return combinations, nil
}

func (c *compiler) key(f *filter, name string, value any) (combinations int, err error) {
	if head, rest, dotted := strings.Cut(name, "."); dotted && c.nesting { // {"a.b": …} is {"a": {"b": …}}: see undot
		return c.key(f.inside(head), rest, value)
	}
	switch value := value.(type) {
	case map[string]any:
		return c.nest(f, name, value)
	case []any:
		if name == "$or" && isOr(value) {
			return c.or(f, value)
		}
		return c.list(f, name, value)
	default:
		return 0, errFilter("%q must be an object or an array", name)
	}
}

func (c *compiler) nest(f *filter, name string, value map[string]any) (int, error) {
	if len(value) == 0 {
		return 0, errFilter("Empty objects are not allowed")
	}
	if combinations, err := c.object(f.inside(name), value); err != nil || c.nesting {
		return combinations, err
	}
	return 0, errInvalid("Filter policy scope MessageAttributes does not support nested filter policy")
}

// inside returns the nested policy of a key. Its parts can be spelled in several ways, and hold for the same object of an
// array.
func (f *filter) inside(name string) *filter {
	for _, known := range f.fields {
		if known.name == name && known.nested != nil {
			return known.nested
		}
	}
	nested := &filter{}
	f.fields = append(f.fields, field{name: name, nested: nested})
	return nested
}

func (c *compiler) list(f *filter, name string, values []any) (int, error) {
	if len(values) == 0 {
		return 0, errFilter("Empty arrays are not allowed")
	}
	if slices.ContainsFunc(f.fields, func(known field) bool { return known.name == name && known.nested == nil }) {
		return 0, errFilter("the key %q occurs twice: as a path with dots, and nested", name)
	}
	compiled := field{name: name, text: string(encode(values))}
	for _, value := range values {
		condition, err := compileCondition(value)
		if err != nil {
			return 0, err
		}
		compiled.conditions = append(compiled.conditions, condition)
	}
	f.fields = append(f.fields, compiled)
	return len(values) * c.depth, nil
}

// isOr reports whether values belong to the operator $or rather than to a key of that name. The operator has at least
// two objects, none of which is a condition.
func isOr(values []any) bool {
	return len(values) >= 2 && !slices.ContainsFunc(values, func(value any) bool {
		object, ok := value.(map[string]any)
		return !ok || len(object) == 0
	})
}

func (c *compiler) or(f *filter, values []any) (int, error) {
	c.depth-- // the operator does not count as a level
	defer func() { c.depth++ }()
	var alternatives []*filter
	sum := 0
	for _, value := range values {
		alternative := &filter{}
		combinations, err := c.object(alternative, value.(map[string]any))
		if err != nil {
			return 0, err
		}
		alternatives = append(alternatives, alternative)
		sum += combinations
	}
	f.alternatives = append(f.alternatives, alternatives)
	return sum, nil
}
