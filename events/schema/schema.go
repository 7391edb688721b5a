package schema

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Violation is one violation of a schema in a document.
type Violation struct {
	Place    string // JSON pointer, RFC 6901: "/lines/0/quantity"; "" is the whole document
	Expected string // follows "must be": "at least 1"
}

func (v Violation) String() string {
	if v.Place == "" {
		return "it must be " + v.Expected
	}
	return v.Place + " must be " + v.Expected
}

// Schema is a compiled JSON Schema. It is safe for concurrent use.
type Schema struct {
	root     *jsonschema.Schema
	document any // as parsed, to list the members that it knows
}

// Compile compiles a schema. It asserts formats ("date-time", "email"), and loads nothing from outside the document.
// The name appears in errors.
func Compile(name string, document []byte) (*Schema, error) {
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		return nil, fmt.Errorf("schema of %s: %w", name, err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	compiler.UseLoader(jsonschema.SchemeURLLoader{}) // supports no scheme
	url := "schema:///" + name
	if err := compiler.AddResource(url, parsed); err != nil {
		return nil, fmt.Errorf("schema of %s: %w", name, err)
	}
	root, err := compiler.Compile(url)
	if err != nil {
		return nil, fmt.Errorf("schema of %s: %w", name, err)
	}
	return &Schema{root: root, document: parsed}, nil
}

// Check returns all violations in a document, by place, or nil if it is valid.
func (s *Schema) Check(document []byte) []Violation {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		return []Violation{{Expected: "a JSON document: " + err.Error()}}
	}
	invalid, ok := errors.AsType[*jsonschema.ValidationError](s.root.Validate(value))
	if !ok {
		return nil
	}
	violations := s.collect(invalid)
	slices.SortStableFunc(violations, func(a, b Violation) int { return strings.Compare(a.Place, b.Place) })
	return violations
}
