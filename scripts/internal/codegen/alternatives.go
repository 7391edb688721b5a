package codegen

import (
	"fmt"
	"slices"
	"strings"
)

// alternatives returns the type of a schema that permits several others.
func (t *types) alternatives(n node, keyword, name string) goType {
	branches := n.list(keyword)
	null := slices.DeleteFunc(slices.Clone(branches), func(b node) bool { return b.value["type"] != "null" })
	branches = slices.DeleteFunc(branches, func(b node) bool { return b.value["type"] == "null" })
	if len(branches) == 1 {
		of := t.typeOf(branches[0], name)
		return goType{of.name, of.null || len(null) > 0}
	}
	if values := constants(branches); values != nil && len(branches) > 0 {
		listed := map[string]any{"type": "string", "enum": values, "description": n.value["description"]}
		return goType{t.kind(node{n.doc, n.place, listed}, "string", name), len(null) > 0}
	}
	tag, values := t.tag(branches)
	if tag == "" {
		t.refuse(n, `objects that each require one member with a different "const", by which a reader tells them apart: "kind": {"const": "…"}`)
		return goType{name: "any"}
	}
	t.declare(name, n, func() string { return t.union(n, branches, tag, values, name) })
	return goType{name, len(null) > 0}
}

// constants returns the values of branches that are one constant text each: an enum whose values are described.
func constants(branches []node) (values []any) {
	for _, b := range branches {
		text, isText := b.value["const"].(string)
		if !isText {
			return nil
		}
		values = append(values, text)
	}
	return values
}

// tag finds the member that tells objects apart, and its value in each.
func (t *types) tag(branches []node) (tag string, values []string) {
	if len(branches) == 0 {
		return "", nil
	}
	for _, name := range t.follow(branches[0]).keys("properties") {
		values = nil
		for _, b := range branches {
			b = t.follow(b)
			member := t.follow(b.at("properties", name))
			value, isText := member.value["const"].(string)
			if isText && t.object(b) && b.requires(name) && !slices.Contains(values, value) {
				values = append(values, value)
			}
		}
		if len(values) == len(branches) {
			return name, values
		}
	}
	return "", nil
}

// union writes a struct of which one member is set, and how it is encoded.
func (t *types) union(n node, branches []node, tag string, values []string, name string) string {
	t.use("encoding/json")
	t.use("fmt")
	var fields, encode, decode strings.Builder
	for i, b := range branches {
		of := t.typeOf(b, name+FieldName(values[i])).name
		field := FieldName(values[i])
		if b.has("$ref") {
			field = of
		}
		fmt.Fprintf(&fields, "\t%s *%s // %s %q\n", field, of, tag, values[i])
		fmt.Fprintf(&encode, "\tcase u.%s != nil:\n\t\tv := *u.%[1]s\n\t\tv.%[2]s = %[3]q\n\t\treturn json.Marshal(v)\n", field, FieldName(tag), values[i])
		fmt.Fprintf(&decode, "\tcase %q:\n\t\tu.%s = new(%s)\n\t\treturn json.Unmarshal(data, u.%[2]s)\n", values[i], field, of)
	}
	doc := strings.TrimSpace(n.text("description") + " Exactly one of its members is set.")
	return fmt.Sprintf(`%stype %s struct {
%s}

// MarshalJSON encodes the member that is set, with its %s.
func (u %[2]s) MarshalJSON() ([]byte, error) {
	switch {
%[5]s	}
	return nil, fmt.Errorf("encode %[2]s: none of its members is set")
}

// UnmarshalJSON decodes the member that %[4]s names.
func (u *%[2]s) UnmarshalJSON(data []byte) error {
	var tag struct {
		Value string `+"`json:%[7]q`"+`
	}
	if err := json.Unmarshal(data, &tag); err != nil {
		return err
	}
	*u = %[2]s{}
	switch tag.Value {
%[6]s	}
	return fmt.Errorf("decode %[2]s: %[4]s is %%q", tag.Value)
}
`, comment("", doc), name, fields.String(), tag, encode.String(), decode.String(), tag)
}
