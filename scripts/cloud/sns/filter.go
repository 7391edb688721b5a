package sns

import (
	"maps"
	"slices"

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
	if !ok || !isObject {
		return nil, errFilter("failed to parse JSON.")
	}
	if len(document) > maxFilterKeys {
		return nil, errFilter("Filter policy can not have more than 5 keys")
	}
	compiler := &compiler{nesting: nesting}
	compiled, combinations, err := compiler.object(document)
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

// object compiles an object of a policy and counts its combinations of values. An array counts once for each level of
// its depth.
func (c *compiler) object(document map[string]any) (*filter, int, error) {
	c.depth++
	defer func() { c.depth-- }()
	f, combinations := &filter{}, 1
	for _, name := range slices.Sorted(maps.Keys(document)) {
		count, err := c.key(f, name, document[name])
		if err != nil {
			return nil, 0, err
		}
		combinations = min(combinations*count, maxFilterCombinations+1) // no overflow
	}
	return f, combinations, nil
}

func (c *compiler) key(f *filter, name string, value any) (combinations int, err error) {
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
	nested, combinations, err := c.object(value)
	if err == nil && !c.nesting {
		err = errInvalid("Filter policy scope MessageAttributes does not support nested filter policy")
	}
	f.fields = append(f.fields, field{name: name, nested: nested})
	return combinations, err
}

func (c *compiler) list(f *filter, name string, values []any) (int, error) {
	if len(values) == 0 {
		return 0, errFilter("Empty arrays are not allowed")
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
		alternative, combinations, err := c.object(value.(map[string]any))
		if err != nil {
			return 0, err
		}
		alternatives = append(alternatives, alternative)
		sum += combinations
	}
	f.alternatives = append(f.alternatives, alternatives)
	return sum, nil
}
