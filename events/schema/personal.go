package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.com/troupe/events"
)

// PersonalKeyword marks a part of an event's data as personal: "x-personal": true.
const PersonalKeyword = "x-personal"

// NearlyPersonal returns "; did you mean x-personal?" for a keyword that seems to be a misspelt one, or "".
func NearlyPersonal(keyword string) string {
	if keyword == PersonalKeyword || !strings.HasPrefix(strings.ToLower(keyword), PersonalKeyword[:3]) {
		return ""
	}
	return Nearest(keyword, []string{PersonalKeyword})
}

// Hidden is what is shown in place of personal data, whatever JSON type that has: no number could be told from data.
const Hidden = "[personal]"

// hidden is Hidden as JSON.
var hidden = []byte(`"` + Hidden + `"`)

// Hide returns an event's data as it may be shown: without what its contract marks as personal, and without members that
// the contract doesn't know, since a newer version may mark them. Of data that the contract refuses it shows nothing. It
// also returns the texts and numbers that it hid. A contract that marks nothing costs nothing: its data is returned as it is.
func Hide(contract *events.Contract, data []byte) (shown []byte, values []string) {
	schema, err := schemaOf(contract)
	if err == nil && len(schema.personal) == 0 {
		return data, nil
	}
	document, malformed := parse(data)
	if err != nil || malformed != nil {
		return hidden, nil
	}
	if schema.root.check(document) != nil {
		return hidden, scalars(document)
	}
	shown = encode(hide([]*node{schema.root}, document, func(value any) { values = append(values, scalars(value)...) }))
	return shown, values
}

// Personal returns the names of the members that a schema marks as personal, and of those in them, sorted. It is empty if
// the schema marks nothing.
func (s *Schema) Personal() []string { return slices.Clone(s.personal) }

// hide replaces what any of a value's schemas marks, and what none of them describes.
func hide(schemas []*node, value any, found func(any)) any {
	schemas = applied(schemas)
	if len(schemas) == 0 || slices.ContainsFunc(schemas, func(n *node) bool { return n.personal }) {
		found(value)
		return Hidden
	}
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			var of []*node
			for _, n := range schemas {
				of = append(of, n.members.of(name)...)
			}
			value[name] = hide(of, member, found)
		}
	case []any:
		for i, item := range value {
			var of []*node
			for _, n := range schemas {
				of = append(of, n.each...)
				if i < len(n.prefix) {
					of = append(of, n.prefix[i])
				}
			}
			value[i] = hide(of, item, found)
		}
	}
	return value
}

// applied returns schemas with those that they apply to the same value: all alternatives count.
func applied(schemas []*node) (all []*node) {
	for _, n := range schemas {
		all = append(append(all, n), applied(n.same)...)
	}
	return all
}

// of returns the schemas of a member.
func (p *properties) of(name string) (schemas []*node) {
	if p == nil {
		return nil
	}
	if named, known := p.named[name]; known {
		schemas = append(schemas, named)
	}
	for _, pattern := range p.matching {
		if pattern.MatchString(name) {
			schemas = append(schemas, pattern.node)
		}
	}
	if len(schemas) == 0 && p.others != nil && !p.closed {
		schemas = append(schemas, p.others)
	}
	return schemas
}

// Everything stands for all members among the names of personal ones: the data is a map whose values are personal.
const Everything = "*"

// personalMembers returns the names of the members that are personal, or are inside of what is.
func (n *node) personalMembers() []string {
	names := map[string]bool{}
	type visit struct {
		node *node
		name string
		in   bool
	}
	seen := map[visit]bool{}
	var walk func(v visit)
	walk = func(v visit) {
		if seen[v] {
			return
		}
		seen[v] = true
		if v.in = v.in || v.node.personal; v.in {
			names[v.name] = true
		}
		for _, same := range v.node.same {
			walk(visit{same, v.name, v.in})
		}
		for _, item := range slices.Concat(v.node.each, v.node.prefix) {
			walk(visit{item, v.name, v.in})
		}
		if p := v.node.members; p != nil {
			for name, member := range p.named {
				walk(visit{member, name, v.in})
			}
			for _, pattern := range p.matching {
				walk(visit{pattern.node, v.name, v.in})
			}
			if p.others != nil {
				walk(visit{p.others, v.name, v.in})
			}
		}
	}
	walk(visit{n, Everything, false})
	return slices.Sorted(maps.Keys(names))
}

// scalars returns the texts and numbers in a value.
func scalars(value any) (found []string) {
	switch value := value.(type) {
	case string:
		found = append(found, value)
	case json.Number:
		found = append(found, value.String())
	case []any:
		for _, item := range value {
			found = append(found, scalars(item)...)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			found = append(found, scalars(value[name])...)
		}
	}
	return found
}

// encode encodes a document that was parsed.
func encode(document any) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(document); err != nil {
		panic(fmt.Sprintf("encode what was decoded: %v", err)) // it has nothing but JSON's own types
	}
	return bytes.TrimSpace(out.Bytes())
}
