package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
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
	root     *node
	personal []string
}

// Compile compiles a schema of the draft 2020-12. It asserts formats ("date-time", "email"), and loads nothing from
// outside the document. A keyword or format that it doesn't know is an error. The name appears in errors.
func Compile(name string, document []byte) (*Schema, error) {
	parsed, err := parse(document)
	if err != nil {
		return nil, fmt.Errorf("schema of %s: %w", name, err)
	}
	c := compiler{document: parsed, nodes: map[string]*node{}}
	root, err := c.compile("")
	if err == nil {
		err = c.endless()
	}
	if err == nil {
		err = c.shownNames()
	}
	if err != nil {
		return nil, fmt.Errorf("schema of %s: %w", name, err)
	}
	return &Schema{root, root.personalMembers()}, nil
}

// Check returns all violations in a document, by place, or nil if it is valid.
func (s *Schema) Check(document []byte) []Violation {
	value, err := parse(document)
	if err != nil {
		return []Violation{{Expected: "a JSON document: " + err.Error()}}
	}
	violations := s.root.check(value)
	slices.SortStableFunc(violations, func(a, b Violation) int { return strings.Compare(a.Place, b.Place) })
	return violations
}

var errTrailing = errors.New("there is more after its end")

// parse parses a JSON document, with numbers as they are written.
func parse(document []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errTrailing
	}
	return value, nil
}
