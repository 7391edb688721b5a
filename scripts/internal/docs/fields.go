package docs

import (
	"fmt"
	"slices"
	"strings"
)

// field is a row of an event's table.
type field struct {
	Path        string // "lines[].quantity"
	Type        string
	Required    bool // in the object that contains it
	Description string
}

// fields returns the rows of an event's data, as deep as its schema goes.
func fields(root object) []field {
	t := table{root: root}
	t.members("", root, nil)
	return t.rows
}

type table struct {
	root object
	rows []field
}

// members adds the rows of an object's members. Inside are the definitions around it: one inside itself is not repeated.
func (t *table) members(prefix string, s object, inside []string) {
	for _, m := range s.in("properties") {
		described, _ := m.value.(object)
		resolved, within := t.resolve(described, inside)
		description := described.text("description")
		if description == "" {
			description = resolved.text("description")
		}
		t.rows = append(t.rows, field{prefix + m.name, t.typeOf(described, inside), slices.Contains(s.list("required"), any(m.name)), description})
		t.below(prefix+m.name, resolved, within)
	}
}

// below adds the rows of what a member holds.
func (t *table) below(path string, s object, inside []string) {
	if s == nil {
		return
	}
	if s.in("properties") != nil {
		t.members(path+".", s, inside)
	}
	for _, each := range []struct{ keyword, mark string }{{"items", "[]"}, {"additionalProperties", "{}"}} {
		if held, within := t.resolve(s.in(each.keyword), inside); held != nil {
			t.below(path+each.mark, held, within)
		}
	}
	for _, keyword := range []string{"oneOf", "anyOf", "allOf"} {
		for i, item := range s.list(keyword) {
			alternative, _ := item.(object)
			held, within := t.resolve(alternative, inside)
			mark := ""
			if keyword != "allOf" {
				mark = " (" + t.name(alternative, i) + ")"
			}
			t.below(path+mark, held, within)
		}
	}
}

// name returns what an alternative is called.
func (t *table) name(alternative object, i int) string {
	if ref := alternative.text("$ref"); ref != "" {
		return ref[strings.LastIndex(ref, "/")+1:]
	}
	return fmt.Sprint(i + 1)
}

// resolve follows a reference to a definition. It returns nil for one that is already around it.
func (t *table) resolve(s object, inside []string) (object, []string) {
	name, is := strings.CutPrefix(s.text("$ref"), "#/$defs/")
	switch {
	case !is:
		return s, inside
	case slices.Contains(inside, name):
		return nil, inside
	}
	return t.resolve(t.root.in("$defs").in(name), append(slices.Clip(inside), name))
}

// typeOf returns what values a schema takes, in JSON's words.
func (t *table) typeOf(s object, inside []string) string {
	around := s.text("$ref")
	s, inside = t.resolve(s, inside)
	if s == nil {
		return around[strings.LastIndex(around, "/")+1:]
	}
	if fixed := s.get("const"); fixed != nil {
		return compact(fixed)
	}
	if values := s.list("enum"); values != nil {
		return t.either(values, compact)
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		if alternatives := s.list(keyword); alternatives != nil {
			return t.either(alternatives, func(v any) string {
				alternative, _ := v.(object)
				if name := alternative.text("$ref"); name != "" {
					return t.name(alternative, 0)
				}
				return t.typeOf(alternative, inside)
			})
		}
	}
	types, several := s.get("type").([]any)
	if !several {
		types = []any{s.text("type")}
	}
	return t.either(types, func(v any) string { return t.one(fmt.Sprint(v), s, inside) })
}

func (t *table) either(values []any, text func(any) string) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = text(value)
	}
	return strings.Join(texts, " or ")
}

// one returns a type with what limits it.
func (t *table) one(name string, s object, inside []string) string {
	switch name {
	case "array":
		if s.in("items") != nil {
			return "array of " + t.typeOf(s.in("items"), inside)
		}
	case "object":
		if held := s.in("additionalProperties"); held != nil {
			return "map of " + t.typeOf(held, inside)
		}
	case "string":
		if format := s.text("format"); format != "" {
			return "string, " + format
		}
	case "integer", "number":
		least, most := s.get("minimum"), s.get("maximum")
		switch {
		case least != nil && most != nil:
			return fmt.Sprintf("%s, %v to %v", name, least, most)
		case least != nil:
			return fmt.Sprintf("%s, at least %v", name, least)
		case most != nil:
			return fmt.Sprintf("%s, at most %v", name, most)
		}
	case "":
		return "any"
	}
	return name
}
