package manifest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"example.com/troupe/events/schema"
)

// metadata describes an envelope's metadata, with the event's type and producer.
const metadata = `{"type": "object", "required": ["id", "type", "subject", "correlationId", "producer", "occurredAt"], "properties": {
	"id": {"type": "string"}, "type": {"const": %q}, "subject": {"type": "string"}, "correlationId": {"type": "string"},
	"causationId": {"type": "string"}, "producer": {"const": %q}, "occurredAt": {"type": "string"}, "traceparent": {"type": "string"}}}`

// where checks an event pattern against the schema of its event. A pattern that no valid event matches is no error on
// AWS or anywhere else: the service would just never receive the event.
type where struct {
	event      string
	document   map[string]any // the schema at hand, for its $defs
	violations []schema.Violation
}

func (s Subscription) verify(contract schema.Event, place string) []schema.Violation {
	if len(s.Where) == 0 || len(contract.Schema) == 0 {
		return nil
	}
	w := where{event: contract.Type}
	var pattern map[string]map[string]any
	if err := decode(s.Where, &pattern); err != nil {
		return nil // Parse has refused it
	}
	if contract.Outside != nil && pattern["metadata"] != nil {
		w.refuse(place+"/metadata", "left out: %s comes from outside, without metadata; data is the event's detail", contract.Type)
		return w.violations
	}
	for part, document := range map[string]string{"data": string(contract.Schema), "metadata": fmt.Sprintf(metadata, contract.Type, contract.Producer)} {
		w.document = nil
		if err := decode([]byte(document), &w.document); err == nil && pattern[part] != nil {
			w.object(pattern[part], w.shapes(w.document, 0), true, place+"/"+part)
		}
	}
	return w.violations
}

func decode(data []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	return decoder.Decode(into)
}

func (w *where) refuse(place, expected string, args ...any) {
	w.violations = append(w.violations, schema.Violation{Place: place, Expected: fmt.Sprintf(expected, args...)})
}

// maxDepth is how many references, lists and alternatives may be in one another.
const maxDepth = 10

// shapes returns the schemas that a value may have: what is referred to, each alternative, and an array's items instead of
// the array, because a pattern matches an array if it matches one item.
func (w *where) shapes(s map[string]any, depth int) (shapes []map[string]any) {
	if depth > maxDepth {
		return []map[string]any{{}} // a definition that contains itself: anything may be there
	}
	if reference, is := s["$ref"].(string); is {
		name, _ := strings.CutPrefix(reference, "#/$defs/")
		definitions, _ := w.document["$defs"].(map[string]any)
		if definition, found := definitions[name].(map[string]any); found {
			return w.shapes(definition, depth+1)
		}
		return []map[string]any{{}}
	}
	if items, is := s["items"].(map[string]any); is {
		return w.shapes(items, depth+1)
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		if alternatives, is := s[keyword].([]any); is && s["properties"] == nil {
			for _, alternative := range alternatives {
				if alternative, is := alternative.(map[string]any); is {
					shapes = append(shapes, w.shapes(alternative, depth+1)...)
				}
			}
			return shapes
		}
	}
	return []map[string]any{s}
}

// object checks the part of a pattern that is about the members of an object. always says that each event has the object.
func (w *where) object(pattern map[string]any, shapes []map[string]any, always bool, place string) {
	for _, name := range slices.Sorted(maps.Keys(pattern)) {
		at := place + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
		if alternatives, is := pattern[name].([]any); is && name == "$or" {
			for i, alternative := range alternatives {
				if alternative, is := alternative.(map[string]any); is {
					w.object(alternative, shapes, always, fmt.Sprintf("%s/%d", at, i))
				}
			}
			continue
		}
		members, known := w.members(shapes, name)
		if members == nil {
			if known == nil {
				w.refuse(at, "left out: there are no members in it in any valid %s", w.event)
			} else {
				w.refuse(at, "a member that %s has: %s%s", w.event, strings.Join(known, ", "), schema.Nearest(name, known))
			}
			continue
		}
		present := always && len(shapes) == 1 && requires(shapes[0], name) && !w.list(shapes[0], name)
		switch of := pattern[name].(type) {
		case map[string]any:
			w.object(of, members, present, at)
		case []any:
			for i, matcher := range of {
				w.matcher(matcher, members, present, fmt.Sprintf("%s/%d", at, i))
			}
		}
	}
}

// members returns the shapes of an object's member, and the names that it may have. Both are nil where there is no object.
func (w *where) members(objects []map[string]any, name string) (shapes []map[string]any, known []string) {
	for _, object := range objects {
		properties, _ := object["properties"].(map[string]any)
		known = append(known, slices.Sorted(maps.Keys(properties))...)
		values, isMap := object["additionalProperties"].(map[string]any)
		switch member, found := properties[name].(map[string]any); {
		case found:
			shapes = append(shapes, w.shapes(member, 0)...)
		case isMap:
			shapes = append(shapes, w.shapes(values, 0)...)
		case properties == nil && permits(object, "object"):
			shapes = append(shapes, map[string]any{}) // anything
		}
	}
	slices.Sort(known)
	return shapes, slices.Compact(known)
}

func requires(object map[string]any, name string) bool {
	required, _ := object["required"].([]any)
	return slices.Contains(required, any(name))
}

// list reports whether a member is an array, which may have no item.
func (w *where) list(object map[string]any, name string) bool {
	properties, _ := object["properties"].(map[string]any)
	member, _ := properties[name].(map[string]any)
	reference, _ := member["$ref"].(string)
	definitions, _ := w.document["$defs"].(map[string]any)
	if definition, found := definitions[strings.TrimPrefix(reference, "#/$defs/")].(map[string]any); found {
		member = definition
	}
	return member["items"] != nil
}

// permits reports whether a schema permits values of a type.
func permits(shape map[string]any, kinds ...string) bool {
	var of []any
	switch declared := shape["type"].(type) {
	case string:
		of = []any{declared}
	case []any:
		of = declared
	default:
		if values := listed(shape); values != nil {
			return slices.ContainsFunc(values, func(v any) bool { return slices.Contains(kinds, kindOf(v)) })
		}
		return true
	}
	return slices.ContainsFunc(kinds, func(kind string) bool { return slices.Contains(of, any(kind)) })
}

// listed returns the only values that a schema permits, or nil if it lists none.
func listed(shape map[string]any) []any {
	if values, is := shape["enum"].([]any); is {
		return values
	}
	if value, is := shape["const"]; is {
		return []any{value}
	}
	return nil
}

func kindOf(value any) string {
	switch value.(type) {
	case string:
		return "string"
	case json.Number:
		return "number"
	case bool:
		return "boolean"
	case nil:
		return "null"
	case []any:
		return "array"
	}
	return "object"
}
