package schema

import (
	"fmt"
	"maps"
	"math/big"
	"net/url"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// collect returns the leaves of the validator's result. Alternatives (anyOf, oneOf) become one violation, because
// each of their branches alone would mislead.
func (s *Schema) collect(found *jsonschema.ValidationError) []Violation {
	place := pointer(found.InstanceLocation)
	switch k := found.ErrorKind.(type) {
	case *kind.Schema, *kind.Group, *kind.Reference, *kind.AllOf:
		var violations []Violation
		for _, cause := range found.Causes {
			violations = append(violations, s.collect(cause)...)
		}
		return violations
	case *kind.Required:
		return each(place, k.Missing, "given")
	case *kind.AdditionalProperties:
		return each(place, k.Properties, "left out: known here are "+strings.Join(s.members(found.SchemaURL), ", "))
	default:
		return []Violation{{Place: place, Expected: expected(k)}}
	}
}

func each(place string, names []string, expected string) []Violation {
	violations := make([]Violation, len(names))
	for i, name := range names {
		violations[i] = Violation{Place: place + pointer([]string{name}), Expected: expected}
	}
	return violations
}

// expected returns what a keyword requires, to follow "must be", without the value found.
func expected(k jsonschema.ErrorKind) string {
	switch k := k.(type) {
	case *kind.Type:
		return "of type " + strings.Join(k.Want, " or ") + ", not " + k.Got
	case *kind.Enum:
		return "one of " + list(k.Want)
	case *kind.Const:
		return fmt.Sprint(k.Want)
	case *kind.Format:
		return "of the format " + k.Want
	case *kind.Pattern:
		return "text that matches " + k.Want
	case *kind.Minimum:
		return "at least " + number(k.Want)
	case *kind.Maximum:
		return "at most " + number(k.Want)
	case *kind.MinLength:
		return fmt.Sprintf("at least %d characters long", k.Want)
	case *kind.MaxLength:
		return fmt.Sprintf("at most %d characters long", k.Want)
	case *kind.MinItems:
		return fmt.Sprintf("at least %d items long", k.Want)
	case *kind.MaxItems:
		return fmt.Sprintf("at most %d items long", k.Want)
	default:
		return "as the schema's " + strings.Join(k.KeywordPath(), "/") + " asks"
	}
}

func list(values []any) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = fmt.Sprint(value)
	}
	return strings.Join(texts, ", ")
}

func number(n *big.Rat) string {
	if n.IsInt() {
		return n.RatString()
	}
	f, _ := n.Float64()
	return fmt.Sprint(f)
}

// members returns the members that the object schema at a location knows, sorted, including the patterns of further
// ones.
func (s *Schema) members(location string) []string {
	_, fragment, _ := strings.Cut(location, "#")
	fragment, err := url.PathUnescape(fragment)
	if err != nil {
		return nil
	}
	node := s.document
	for _, token := range tokens(fragment) {
		object, _ := node.(map[string]any)
		node = object[token]
	}
	object, _ := node.(map[string]any)
	properties, _ := object["properties"].(map[string]any)
	patterns, _ := object["patternProperties"].(map[string]any)
	return append(slices.Sorted(maps.Keys(properties)), slices.Sorted(maps.Keys(patterns))...)
}
