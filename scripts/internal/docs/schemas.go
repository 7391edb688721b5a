package docs

import (
	_ "embed"
	"reflect"
	"slices"
	"strings"
)

//go:embed metadata.schema.json
var metadataSchema []byte

// metadata is the name of the component that describes every envelope's metadata.
const metadata = "Metadata"

const components = "#/components/schemas/"

// schemas returns the components that describe the data of some events: each under its event's type, and each definition under
// its name. A name that means different things in different events follows the type of its event.
//
// AsyncAPI's own dialect extends JSON Schema's draft 7, and no other is one that every tool must know, so that a schema of
// the draft 2020-12 is translated: a reference points into the document; beside one, other keywords would be ignored;
// dependentRequired was dependencies. See asyncapi.com/docs/reference/specification/v3.0.0#multiFormatSchemaFormatTable
func (s *system) schemas(described []*event) (map[string]any, error) {
	about, err := decode(metadataSchema)
	if err != nil {
		return nil, err
	}
	made := map[string]any{metadata: about}
	meaning := s.unambiguous()
	for _, e := range described {
		translate := translator{e.Type, meaning}
		made[e.Type] = translate.schema(e.Data)
		for _, definition := range e.Data.in("$defs") {
			made[translate.key(definition.name)] = translate.value(definition.value)
		}
	}
	return made, nil
}

// unambiguous returns the definitions that mean the same in every event that has one of their name.
func (s *system) unambiguous() map[string]any {
	meaning, several := map[string]any{}, map[string]bool{metadata: true}
	for _, e := range s.Events {
		for _, definition := range e.Data.in("$defs") {
			if known, is := meaning[definition.name]; is && !reflect.DeepEqual(known, definition.value) {
				several[definition.name] = true
			}
			meaning[definition.name] = definition.value
		}
	}
	for removed := true; removed; { // what refers to an ambiguous one is ambiguous itself
		removed = false
		for name, definition := range meaning {
			if several[name] || slices.ContainsFunc(references(definition), func(to string) bool { return several[to] }) {
				delete(meaning, name)
				several[name], removed = true, true
			}
		}
	}
	return meaning
}

// references returns the definitions to which a schema refers. It takes a reference elsewhere in the document for one to
// an ambiguous definition.
func references(value any) (names []string) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			names = append(names, references(item)...)
		}
	case object:
		for _, m := range value {
			if to, isText := m.value.(string); m.name == "$ref" && isText {
				name, inDefs := strings.CutPrefix(to, "#/$defs/")
				name, _, _ = strings.Cut(name, "/")
				if !inDefs {
					name = metadata
				}
				names = append(names, name)
			}
			names = append(names, references(m.value)...)
		}
	}
	return names
}

// translator translates the schemas of one event.
type translator struct {
	eventType string
	meaning   map[string]any // the definitions that keep their names
}

// key returns the name of the component for a definition.
func (t translator) key(definition string) string {
	if _, alone := t.meaning[definition]; alone {
		return definition
	}
	return t.eventType + "." + definition
}

func (t translator) value(value any) any {
	switch value := value.(type) {
	case []any:
		made := []any{}
		for _, item := range value {
			made = append(made, t.value(item))
		}
		return made
	case object:
		return t.schema(value)
	}
	return value
}

func (t translator) schema(s object) object {
	made := object{}
	for _, m := range s {
		switch m.name {
		case "$schema", "$defs", "x-event":
			continue
		case "const", "enum", "default", "examples": // values, not schemas
		case "properties", "patternProperties":
			members, _ := m.value.(object)
			named := object{}
			for _, each := range members {
				named = append(named, member{each.name, t.value(each.value)})
			}
			m.value = named
		case "dependentRequired":
			m.name = "dependencies"
		case "$ref":
			if to, isText := m.value.(string); isText {
				m.value = t.reference(to)
			}
			if len(s) > 1 {
				rest, _ := t.value(s.get("allOf")).([]any)
				m = member{"allOf", append([]any{object{m}}, rest...)}
			}
		case "allOf":
			if s.get("$ref") != nil {
				continue // with it
			}
			m.value = t.value(m.value)
		default:
			m.value = t.value(m.value)
		}
		made = append(made, m)
	}
	return made
}

// reference returns where in the document a reference within the event's schema points to.
func (t translator) reference(to string) string {
	if rest, inDefs := strings.CutPrefix(to, "#/$defs/"); inDefs {
		name, deeper, further := strings.Cut(rest, "/")
		if further {
			deeper = "/" + deeper
		}
		return components + t.key(name) + deeper
	}
	return components + t.eventType + strings.TrimPrefix(to, "#")
}
