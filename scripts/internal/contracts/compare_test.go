package contracts_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/contracts"
)

// Who breaks: old consumers, which can't read new events; new consumers, which can't read old events.
const (
	nobody   = ""
	oldOnes  = "old"
	newOnes  = "new"
	everyone = "old new"
)

// members are changes of the schema of one optional member, v.
var members = []struct{ old, new, breaks string }{
	// Types.
	{`{"type": "string"}`, `{"type": "string"}`, nobody},
	{`{"type": "integer"}`, `{"type": "number"}`, oldOnes},
	{`{"type": "number"}`, `{"type": "integer"}`, newOnes},
	{`{"type": "integer"}`, `{"type": "string"}`, everyone},
	{`{"type": "string"}`, `{"type": "boolean"}`, everyone},
	{`{"type": "string"}`, `{"type": ["string", "null"]}`, oldOnes},
	{`{"type": ["string", "null"]}`, `{"type": "string"}`, newOnes},
	{`{"type": ["string", "null"]}`, `{"type": ["null", "string"]}`, nobody},
	{`{"type": "string"}`, `{"type": ["string", "integer"]}`, oldOnes},
	{`{"type": ["string", "integer"]}`, `{"type": ["string", "boolean"]}`, everyone},
	{`{"type": ["string", "null"]}`, `{"anyOf": [{"type": "string"}, {"type": "null"}]}`, nobody},
	{`{"type": "string"}`, `{"oneOf": [{"type": "string"}, {"type": "null"}]}`, oldOnes},
	{`{"type": "array", "items": {"type": "string"}}`, `{"type": "string"}`, everyone},
	{`{"type": "object"}`, `{"type": "array", "items": {"type": "string"}}`, everyone},
	{`{}`, `{"type": "string"}`, newOnes},
	{`{"type": "string"}`, `{}`, oldOnes},
	// Words only.
	{`{"type": "string"}`, `{"type": "string", "description": "A word."}`, nobody},
	{`{"type": "string", "title": "A"}`, `{"type": "string", "examples": ["a"], "$comment": "x", "x-own": 1}`, nobody},
	{`{"type": "integer"}`, `{"type": "integer", "default": 3}`, nobody},
	{`{"type": "string"}`, `{"type": "string", "contentMediaType": "text/plain"}`, nobody},
	{`{"type": "string"}`, `{"type": "string", "deprecated": true}`, nobody},
	{`{"type": "string"}`, `{"type": "string", "x-personal": true}`, nobody},
	{`{"type": "string", "x-personal": true}`, `{"type": "string"}`, nobody},
	// Values.
	{`{"enum": ["a", "b"]}`, `{"enum": ["a", "b", "c"]}`, oldOnes},
	{`{"enum": ["a", "b", "c"]}`, `{"enum": ["a", "b"]}`, newOnes},
	{`{"enum": ["a", "b"]}`, `{"enum": ["b", "a"]}`, nobody},
	{`{"enum": ["a", "b"]}`, `{"enum": ["a", "c"]}`, everyone},
	{`{"enum": ["a", "b"]}`, `{"type": "string", "enum": ["a", "b"]}`, nobody},
	{`{"type": "string"}`, `{"type": "string", "enum": ["a", "b"]}`, newOnes},
	{`{"type": "string", "enum": ["a", "b"]}`, `{"type": "string"}`, oldOnes},
	{`{"const": "a"}`, `{"const": "b"}`, everyone},
	{`{"const": "a"}`, `{"enum": ["a"]}`, nobody},
	{`{"const": "a"}`, `{"enum": ["a", "b"]}`, oldOnes},
	{`{"const": 1}`, `{"const": 1.0}`, nobody},
	{`{"enum": ["a"]}`, `{"enum": ["a", null]}`, oldOnes},
	{`{"enum": ["a", 1]}`, `{"enum": ["a"]}`, newOnes},
	{`{"oneOf": [{"const": "a"}, {"const": "b"}]}`, `{"enum": ["a", "b"]}`, nobody},
	{`{"oneOf": [{"const": "a"}]}`, `{"oneOf": [{"const": "a"}, {"const": "b"}]}`, oldOnes},
	{`{"anyOf": [{"const": "a"}, {"const": "b"}]}`, `{"anyOf": [{"const": "b"}]}`, newOnes},
	// Numbers.
	{`{"type": "integer", "minimum": 1}`, `{"type": "integer", "minimum": 0}`, oldOnes},
	{`{"type": "integer", "minimum": 0}`, `{"type": "integer", "minimum": 1}`, newOnes},
	{`{"type": "integer", "minimum": 1}`, `{"type": "integer", "minimum": 1.0}`, nobody},
	{`{"type": "integer"}`, `{"type": "integer", "minimum": 1}`, newOnes},
	{`{"type": "integer", "minimum": 1}`, `{"type": "integer"}`, oldOnes},
	{`{"type": "integer", "maximum": 5}`, `{"type": "integer", "maximum": 10}`, oldOnes},
	{`{"type": "integer", "maximum": 10}`, `{"type": "integer", "maximum": 5}`, newOnes},
	{`{"type": "integer", "maximum": 5}`, `{"type": "integer"}`, oldOnes},
	{`{"type": "integer", "minimum": 0, "maximum": 5}`, `{"type": "integer", "minimum": 1, "maximum": 10}`, everyone},
	{`{"type": "number", "exclusiveMinimum": 1}`, `{"type": "number", "exclusiveMinimum": 0}`, oldOnes},
	{`{"type": "number", "exclusiveMaximum": 10}`, `{"type": "number", "exclusiveMaximum": 5}`, newOnes},
	{`{"type": "number"}`, `{"type": "number", "exclusiveMaximum": 5}`, newOnes},
	{`{"type": "integer", "multipleOf": 5}`, `{"type": "integer", "multipleOf": 10}`, newOnes},
	{`{"type": "integer", "multipleOf": 10}`, `{"type": "integer", "multipleOf": 5}`, oldOnes},
	{`{"type": "integer", "multipleOf": 2}`, `{"type": "integer", "multipleOf": 5}`, everyone},
	{`{"type": "integer"}`, `{"type": "integer", "multipleOf": 5}`, newOnes},
	{`{"type": "integer", "multipleOf": 5}`, `{"type": "integer"}`, oldOnes},
	// Text.
	{`{"type": "string", "minLength": 1}`, `{"type": "string"}`, oldOnes},
	{`{"type": "string"}`, `{"type": "string", "minLength": 1}`, newOnes},
	{`{"type": "string", "maxLength": 3}`, `{"type": "string", "maxLength": 5}`, oldOnes},
	{`{"type": "string", "maxLength": 5}`, `{"type": "string", "maxLength": 3}`, newOnes},
	{`{"type": "string"}`, `{"type": "string", "pattern": "^[a-z]+$"}`, newOnes},
	{`{"type": "string", "pattern": "^[a-z]+$"}`, `{"type": "string"}`, oldOnes},
	{`{"type": "string", "pattern": "^[a-z]+$"}`, `{"type": "string", "pattern": "^[0-9]+$"}`, everyone},
	{`{"type": "string"}`, `{"type": "string", "format": "date-time"}`, newOnes},
	{`{"type": "string", "format": "date-time"}`, `{"type": "string"}`, oldOnes},
	{`{"type": "string", "format": "date"}`, `{"type": "string", "format": "date-time"}`, everyone},
	{`{"type": "string", "format": "email"}`, `{"type": "string", "format": "uuid"}`, everyone},
	// Lists.
	{`{"type": "array", "items": {"type": "string"}}`, `{"type": "array", "items": {"type": "integer"}}`, everyone},
	{`{"type": "array", "items": {"type": "integer"}}`, `{"type": "array", "items": {"type": "number"}}`, oldOnes},
	{`{"type": "array", "items": {"enum": ["a"]}}`, `{"type": "array", "items": {"enum": ["a", "b"]}}`, oldOnes},
	{`{"type": "array", "items": {"type": "string"}, "minItems": 1}`, `{"type": "array", "items": {"type": "string"}}`, oldOnes},
	{`{"type": "array", "items": {"type": "string"}}`, `{"type": "array", "items": {"type": "string"}, "minItems": 1}`, newOnes},
	{`{"type": "array", "items": {"type": "string"}, "maxItems": 1}`, `{"type": "array", "items": {"type": "string"}, "maxItems": 2}`, oldOnes},
	{`{"type": "array", "items": {"type": "string"}}`, `{"type": "array", "items": {"type": "string"}, "uniqueItems": true}`, newOnes},
	{`{"type": "array", "items": {"type": "string"}, "uniqueItems": true}`, `{"type": "array", "items": {"type": "string"}}`, oldOnes},
	{`{"type": "array", "items": {"type": "string"}}`, `{"type": "array", "items": {"type": "string"}, "contains": {"const": "a"}}`, newOnes},
	{`{"type": "array", "items": {}}`, `{"type": "array"}`, nobody},
	// Maps.
	{`{"type": "object", "additionalProperties": {"type": "integer"}}`, `{"type": "object", "additionalProperties": {"type": "number"}}`, oldOnes},
	{`{"type": "object", "additionalProperties": {"type": "integer"}}`, `{"type": "object"}`, oldOnes},
	{`{"type": "object"}`, `{"type": "object", "additionalProperties": {"type": "integer"}}`, newOnes},
	{`{"type": "object", "additionalProperties": true}`, `{"type": "object"}`, nobody},
	{`{"type": "object", "maxProperties": 1}`, `{"type": "object", "maxProperties": 2}`, oldOnes},
	{`{"type": "object"}`, `{"type": "object", "propertyNames": {"pattern": "^w"}}`, newOnes},
	// Objects.
	{`{"type": "object", "properties": {"w": {"type": "string"}}}`, `{"type": "object", "properties": {"w": {"type": "string"}, "x": {"type": "integer"}}}`, nobody},
	{`{"type": "object", "properties": {"w": {"type": "string"}, "x": {"type": "integer"}}}`, `{"type": "object", "properties": {"w": {"type": "string"}}}`, nobody},
	{`{"type": "object", "properties": {"w": {"type": "string"}}}`, `{"type": "object", "required": ["x"], "properties": {"w": {"type": "string"}, "x": {"type": "integer"}}}`, newOnes},
	{`{"type": "object", "required": ["x"], "properties": {"w": {"type": "string"}, "x": {"type": "integer"}}}`, `{"type": "object", "properties": {"w": {"type": "string"}}}`, oldOnes},
	{`{"type": "object", "properties": {"w": {"type": "string"}}}`, `{"type": "object", "required": ["w"], "properties": {"w": {"type": "string"}}}`, newOnes},
	{`{"type": "object", "required": ["w"], "properties": {"w": {"type": "string"}}}`, `{"type": "object", "properties": {"w": {"type": "string"}}}`, oldOnes},
	{`{"type": "object", "required": ["w"], "properties": {"w": {"type": "string"}}}`, `{"type": "object", "required": ["v"], "properties": {"v": {"type": "string"}}}`, everyone}, // renamed
	{`{"type": "object", "properties": {"w": {"type": "string"}}}`, `{"type": "object", "properties": {"w": {"type": "integer"}}}`, everyone},
	{`{"type": "object", "properties": {"w": {"type": "object", "properties": {"x": {"type": "integer"}}}}}`, `{"type": "object", "properties": {"w": {"type": "object", "required": ["x"], "properties": {"x": {"type": "integer"}}}}}`, newOnes},
	{`{"type": "object", "properties": {"w": {"type": "string"}}, "additionalProperties": false}`, `{"type": "object", "properties": {"w": {"type": "string"}}}`, nobody},
	{`{"type": "object"}`, `{"type": "object", "additionalProperties": false}`, newOnes},
	{`{"type": "object", "additionalProperties": false}`, `{"type": "object"}`, oldOnes},
	{`{"type": "object", "properties": {"w": {"type": "string"}}, "additionalProperties": false}`, `{"type": "object", "properties": {"w": {"type": "string"}, "x": {"type": "integer"}}, "additionalProperties": false}`, oldOnes},
	{`{"type": "object", "properties": {"w": {"type": "string"}, "x": {"type": "integer"}}}`, `{"type": "object", "properties": {"w": {"type": "string"}, "x": {"type": "integer"}}, "anyOf": [{"required": ["w"]}, {"required": ["x"]}]}`, newOnes},
	{`{"type": "object", "properties": {"w": {"type": "string"}, "x": {"type": "integer"}}, "dependentRequired": {"w": ["x"]}}`, `{"type": "object", "properties": {"w": {"type": "string"}, "x": {"type": "integer"}}}`, oldOnes},
	{`{"type": "object", "properties": {"w": {"type": "string"}, "x": {"type": "integer"}}}`, `{"type": "object", "properties": {"w": {"type": "string"}, "x": {"type": "integer"}}, "if": {"required": ["w"]}, "then": {"required": ["x"]}}`, newOnes},
	{`{"type": "string"}`, `{"type": "string", "not": {"const": "a"}}`, newOnes},
	// Definitions, which TestTable adds to each schema: Word is text, Node has itself as a member, Sky and Dome have kinds.
	{`{"type": "string"}`, `{"$ref": "#/$defs/Word"}`, nobody},
	{`{"$ref": "#/$defs/Word"}`, `{"type": "integer"}`, everyone},
	{`{"$ref": "#/$defs/Word"}`, `{"anyOf": [{"$ref": "#/$defs/Word"}, {"type": "null"}]}`, oldOnes},
	{`{"$ref": "#/$defs/Node"}`, `{"$ref": "#/$defs/Node"}`, nobody},
	{`{"$ref": "#/$defs/Node"}`, `{"$ref": "#/$defs/NeedyNode"}`, newOnes},
	{`{"oneOf": [{"$ref": "#/$defs/Sky"}, {"$ref": "#/$defs/Dome"}]}`, `{"oneOf": [{"$ref": "#/$defs/Dome"}, {"$ref": "#/$defs/Sky"}]}`, nobody},
	{`{"oneOf": [{"$ref": "#/$defs/Sky"}]}`, `{"oneOf": [{"$ref": "#/$defs/Dome"}, {"$ref": "#/$defs/Sky"}]}`, oldOnes},
	{`{"oneOf": [{"$ref": "#/$defs/Sky"}, {"$ref": "#/$defs/Dome"}]}`, `{"oneOf": [{"$ref": "#/$defs/Sky"}]}`, newOnes},
	{`{"oneOf": [{"$ref": "#/$defs/Sky"}, {"$ref": "#/$defs/Dome"}]}`, `{"oneOf": [{"$ref": "#/$defs/Sky"}, {"$ref": "#/$defs/HighDome"}]}`, newOnes},
	{`{"$ref": "#/$defs/Nest"}`, `{"$ref": "#/$defs/Nest"}`, nobody},
	{`{"anyOf": [{"type": "string"}, {"type": "integer"}]}`, `{"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "boolean"}]}`, oldOnes},
}

const definitions = `{
	"Word": {"type": "string"}, "Nest": {"type": "array", "items": {"$ref": "#/$defs/Nest"}},
	"Node": {"type": "object", "properties": {"w": {"type": "string"}, "x": {"$ref": "#/$defs/Node"}}},
	"NeedyNode": {"type": "object", "required": ["w"], "properties": {"w": {"type": "string"}, "x": {"$ref": "#/$defs/NeedyNode"}}},
	"Sky": {"type": "object", "required": ["w"], "properties": {"w": {"const": "sky"}}},
	"Dome": {"type": "object", "required": ["w"], "properties": {"w": {"const": "dome"}, "x": {"type": "integer"}}},
	"HighDome": {"type": "object", "required": ["w", "x"], "properties": {"w": {"const": "dome"}, "x": {"type": "integer"}}}}`

// values are what v may be in the documents that prove the table.
var values = []string{
	`null`, `true`, `0`, `1`, `2`, `1.5`, `5`, `7`, `10`, `-3`, `""`, `"a"`, `"b"`, `"c"`, `"abcd"`, `"42"`,
	`"2026-11-27"`, `"2026-11-27T10:00:00Z"`, `"a@example.com"`, `"1f7c2b36-5a0e-4a52-9c25-1f2f5b0f8a11"`,
	`[]`, `["a"]`, `["b"]`, `["a", "b"]`, `["a", "a"]`, `[1]`, `[1.5]`, `{}`, `{"w": "a"}`, `{"w": 1}`, `{"w": 1.5}`, `{"v": "a"}`, `{"x": 1}`,
	`{"w": "a", "x": 1}`, `{"w": "sky"}`, `{"w": "dome"}`, `{"w": "dome", "x": 1}`, `{"w": {}}`, `{"w": {"x": 1}}`, `{"x": {"w": "a"}}`, `{"w": "a", "x": {"w": "b"}}`, `{"x": {"x": {}}}`,
}

// TestTable holds what Compare says of each change against documents: where it says that a side can't read the other's,
// some document must be valid in the one schema and refused by the other; where it says that it can, none may be.
func TestTable(t *testing.T) {
	if len(members) < 100 {
		t.Errorf("the table has %d rows", len(members))
	}
	for _, row := range members {
		before, after := event(row.old), event(row.new)
		changes, err := contracts.Compare(before, after)
		if err != nil {
			t.Fatal(err)
		}
		var breaks []string
		for _, side := range []string{oldOnes, newOnes} {
			from, to := after, before
			if side == newOnes {
				from, to = before, after
			}
			proof, said := witness(t, from, to), ""
			for _, change := range changes {
				if side == oldOnes && change.OldReaders || side == newOnes && change.NewReaders {
					said = change.Member() + " " + change.What
				}
			}
			if said != "" {
				breaks = append(breaks, side)
			}
			if said != "" && proof == "" || said == "" && proof != "" {
				t.Errorf("%s\n→ %s\nbreaks %s consumers: %q; the document that proves it: %s", row.old, row.new, side, said, proof)
			}
		}
		if got := strings.Join(breaks, " "); got != row.breaks {
			t.Errorf("%s\n→ %s\nbreaks %q, want %q", row.old, row.new, got, row.breaks)
		}
	}
}

func event(member string) []byte {
	return fmt.Appendf(nil, `{"type": "object", "properties": {"v": %s}, "$defs": %s}`, member, definitions)
}

// witness returns a document that a producer with one schema writes and a consumer with another refuses, or "".
func witness(t *testing.T, from, to []byte) string {
	t.Helper()
	writer, reader := compile(t, from), compile(t, to)
	var root map[string]any
	if err := json.Unmarshal(from, &root); err != nil {
		t.Fatal(err)
	}
	for _, value := range values {
		document := `{"v": ` + value + `}`
		var decoded any
		if err := json.Unmarshal([]byte(document), &decoded); err != nil {
			t.Fatal(err)
		}
		if writer.Check([]byte(document)) == nil && declares(root, root, decoded) && reader.Check([]byte(document)) != nil {
			return document
		}
	}
	return ""
}

func compile(t *testing.T, document []byte) *schema.Schema {
	t.Helper()
	compiled, err := schema.Compile("test", document)
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// declares reports whether a schema declares all members of a document, which are those that a producer writes.
func declares(root, s map[string]any, document any) bool {
	if reference, is := s["$ref"].(string); is {
		s = root["$defs"].(map[string]any)[strings.TrimPrefix(reference, "#/$defs/")].(map[string]any)
	}
	properties, typed := s["properties"].(map[string]any)
	object, is := document.(map[string]any)
	if !typed || !is {
		return true
	}
	for name, value := range object {
		member, declared := properties[name].(map[string]any)
		if !declared || !declares(root, member, value) {
			return false
		}
	}
	return true
}
