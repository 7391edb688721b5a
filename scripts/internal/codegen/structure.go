package codegen

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"example.com/troupe/events/schema"
)

// members returns the type of an object: a struct, or a map where its members' names are data.
func (t *types) members(n node, name string) string {
	values, isMap := n.value["additionalProperties"].(map[string]any)
	switch {
	case n.has("properties") && isMap:
		t.refuse(n.at("additionalProperties"), "left out beside \"properties\": put the map into a member of its own")
	case n.has("properties"):
		t.declare(name, n, func() string { return t.structure(n, name) })
		return name
	case isMap && len(values) > 0:
		of := t.typeOf(n.at("additionalProperties"), singular(name))
		if of.null {
			return "map[string]" + of.pointer()
		}
		return "map[string]" + of.name
	}
	return "map[string]any"
}

// object reports whether a schema is an object with named members.
func (t *types) object(n node) bool { return n.value["type"] == "object" && n.has("properties") }

// structure writes the struct of an object.
func (t *types) structure(n node, name string) string {
	t.keywords(n)
	var b strings.Builder
	fmt.Fprintf(&b, "%stype %s struct {\n", comment("", n.text("description")), name)
	members := map[string]string{} // by field
	_, isEvent := n.value["x-event"]
	for i, member := range n.keys("properties") {
		at := n.at("properties", member)
		field := FieldName(member)
		if isEvent {
			field = eventField(member)
		}
		if !exported(field) {
			t.refuse(at, "named by a letter and more letters, from which a Go name can be made")
		}
		if other := members[field]; other != "" {
			t.refuse(at, "named otherwise: in Go both it and %s are %s", other, field)
		}
		members[field] = member
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s\t%s %s\n", comment("\t", at.text("description")), field, t.field(n, at, name, member))
	}
	for i, required := range n.required() {
		if !n.at("properties", required).exists() {
			t.refuse(node{n.doc, fmt.Sprintf("%s/required/%d", n.place, i), nil}, "one of the members in \"properties\"%s", schema.Nearest(required, n.keys("properties")))
		}
	}
	return b.String() + "}\n"
}

func (n node) required() (names []string) {
	list, _ := n.value["required"].([]any)
	for _, name := range list {
		names = append(names, fmt.Sprint(name))
	}
	return names
}

// field returns a member's type and tag. The zero value of an optional one is absent.
func (t *types) field(n, at node, name, member string) string {
	of := t.typeOf(at, name+FieldName(member))
	tag := member
	switch required := n.requires(member); {
	case required && !of.null:
		return fmt.Sprintf("%s `json:%q`", of.name, tag)
	case !required && of.null:
		t.refuse(at, "either required or never null: Go can't tell a member that is null from one that is absent")
	case !required:
		tag += ",omitzero"
	}
	return fmt.Sprintf("%s `json:%q`", of.pointer(), tag)
}

// enumeration writes the type of a text with few values.
func (t *types) enumeration(n node, name string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%stype %s string\n\n// The values of %s.\nconst (\n", comment("", n.text("description")), name, name)
	var lines []string
	values, _ := n.value["enum"].([]any)
	used := map[string]bool{}
	for i, value := range values {
		text, isText := value.(string)
		constant := name + FieldName(text)
		switch {
		case value == nil: // "type" permits it
			continue
		case !isText || constant == name || used[constant]:
			t.refuse(node{n.doc, fmt.Sprintf("%s/enum/%d", n.place, i), nil}, "a text from which another Go name can be made than from the values before it")
		}
		used[constant] = true
		lines = append(lines, fmt.Sprintf("\t%s %s = %q\n", constant, name, text))
	}
	slices.Sort(lines)
	b.WriteString(strings.Join(lines, ""))
	return b.String() + ")\n"
}

// kindsOfValues returns the types of a constant or an enum's values.
func (n node) kindsOfValues() (kinds []string) {
	values, _ := n.value["enum"].([]any)
	if n.has("const") {
		values = append(values, n.value["const"])
	}
	for _, value := range values {
		kind := "object"
		switch v := value.(type) {
		case string:
			kind = "string"
		case bool:
			kind = "boolean"
		case json.Number:
			kind = "integer"
			if _, err := v.Int64(); err != nil {
				kind = "number"
			}
		case nil:
			kind = "null"
		}
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// singular returns a name for an item of a list or map.
func singular(name string) string {
	if one, plural := strings.CutSuffix(name, "s"); plural && len(one) > 1 {
		return one
	}
	return name + "Item"
}

// comment returns a text as comment lines of at most 80 characters, as gofmt leaves them.
func comment(indent, text string) string {
	const width = 80
	var b strings.Builder
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			fmt.Fprintf(&b, "%s// %s\n", indent, line)
			line = ""
		}
		line = strings.TrimSpace(line + " " + word)
	}
	if line != "" {
		fmt.Fprintf(&b, "%s// %s\n", indent, line)
	}
	return b.String()
}
