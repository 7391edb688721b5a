package schema

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// draft is the dialect of JSON Schema.
const draft = "https://json-schema.org/draft/2020-12/schema"

// decisive keywords come first: where one is violated, the others would only say so again.
var decisive = []string{"type", "const", "enum", "format"}

// annotations are the keywords that say nothing about which documents are valid.
var annotations = []string{
	"$schema", "$id", "$comment", "$defs", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly",
	"contentEncoding", "contentMediaType",
}

// compiler compiles a document's schemas.
type compiler struct {
	document any
	nodes    map[string]*node // by JSON pointer; being compiled or finished
	names    []keyword        // every propertyNames
}

// compile compiles the schema at a JSON pointer.
func (c *compiler) compile(at string) (*node, error) {
	if known := c.nodes[at]; known != nil {
		return known, nil
	}
	n := &node{}
	c.nodes[at] = n
	found, there := find(c.document, at)
	switch s := found.(type) {
	case bool:
		if !s {
			n.decisive = []rule{when(func(any) bool { return false }, "left out")}
		}
		return n, nil
	case map[string]any:
		return n, c.object(n, at, s)
	default:
		return nil, malformed(at, there, "a schema: an object, true or false")
	}
}

func malformed(at string, there bool, expected string) error {
	if !there {
		return fmt.Errorf("there is no %s", at)
	}
	return &misuse{Violation{Place: at, Expected: expected}}
}

// misuse is a violation of JSON Schema's own rules in a schema.
type misuse struct{ Violation }

func (m *misuse) Error() string { return m.Violation.String() }

// find returns what a JSON pointer points to.
func find(document any, at string) (found any, there bool) {
	found = document
	for _, token := range tokens(at) {
		switch inside := found.(type) {
		case map[string]any:
			if found, there = inside[token]; !there {
				return nil, false
			}
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i < 0 || i >= len(inside) {
				return nil, false
			}
			found = inside[i]
		default:
			return nil, false
		}
	}
	return found, true
}

// object compiles the keywords of a schema.
func (c *compiler) object(n *node, at string, s map[string]any) error {
	for _, name := range slices.Sorted(maps.Keys(s)) {
		rule, err := c.keyword(n, at, name, s)
		if err != nil {
			return err
		}
		switch {
		case rule == nil:
		case slices.Contains(decisive, name):
			n.decisive = append(n.decisive, rule)
		default:
			n.rest = append(n.rest, rule)
		}
	}
	return nil
}

// endless returns an error where schemas refer to each other without going deeper into the document.
func (c *compiler) endless() error {
	const visiting, done = 1, 2
	state := map[*node]int{}
	var visit func(n *node) bool
	visit = func(n *node) bool {
		if state[n] != 0 {
			return state[n] == done
		}
		state[n] = visiting
		for _, next := range n.same {
			if !visit(next) {
				return false
			}
		}
		state[n] = done
		return true
	}
	for _, at := range slices.Sorted(maps.Keys(c.nodes)) {
		if !visit(c.nodes[at]) {
			return &misuse{Violation{Place: at, Expected: "a schema that does not refer to itself without end"}}
		}
	}
	return nil
}

// shownNames returns an error where the names of members are marked as personal.
func (c *compiler) shownNames() error {
	for _, k := range c.names {
		if slices.ContainsFunc(applied([]*node{c.nodes[k.at]}), func(n *node) bool { return n.personal }) {
			return k.must("without " + PersonalKeyword + ": a member's name is always shown; put what is personal into a list")
		}
	}
	return nil
}

// reference compiles what $ref refers to, in the same document.
func (c *compiler) reference(at string, operand any) (*node, error) {
	ref, _ := operand.(string)
	if ref != "#" && !strings.HasPrefix(ref, "#/") {
		return nil, &misuse{Violation{Place: at, Expected: `a reference within the file, such as "#/$defs/Item"`}}
	}
	return c.compile(ref[1:])
}
