//go:build browser

package browsertest_test

import "testing"

// TestForm checks that a form returns the document it was made from for any schema, and omits optional empty members.
func TestForm(t *testing.T) {
	b := open(t, "/publish/observation.requested.v1")
	const colour = `{"type": "string", "enum": ["red", "green"]}`
	const grid = `{"type": "array", "items": {"type": "array", "items": {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}, "label": {"type": "string"}}}}}`
	for _, test := range []struct{ name, properties, required, document string }{
		{"texts and numbers", `{"a": {"type": "string"}, "b": {"type": "integer"}, "c": {"type": "number"}}`, `["a", "b", "c"]`, `{"a": "x", "b": 3, "c": -2.5}`},
		{"lists of lists of objects", `{"grid": ` + grid + `}`, `["grid"]`, `{"grid": [[{"n": 1, "label": "x"}, {"n": 2}], []]}`},
		{"a choice that must be made", `{"colour": ` + colour + `}`, `["colour"]`, `{"colour": "green"}`},
		{"a choice that need not be made", `{"colour": ` + colour + `}`, `[]`, `{}`},
		{"yes, no and nothing said", `{"a": {"type": "boolean"}, "b": {"type": "boolean"}, "c": {"type": "boolean"}}`, `[]`, `{"a": true, "b": false}`},
		{"what is optional and not there", `{"list": ` + grid + `, "inside": {"type": "object", "required": ["x"], "properties": {"x": {"type": "string"}}}, "n": {"type": "integer"}}`, `[]`, `{}`},
		{"what no field is for", `{"any": {"description": "Anything."}, "either": {"oneOf": [{"type": "string"}, {"type": "integer"}]}}`, `["any"]`, `{"any": {"deep": [1, "2", null]}, "either": 7}`},
		{"by reference", `{"line": {"$ref": "#/$defs/a~1b"}}`, `["line"]`, `{"line": {"x": "y"}}`},
	} {
		schema := `{"type": "object", "required": ` + test.required + `, "properties": ` + test.properties + `, "$defs": {"a/b": {"type": "object", "required": ["x"], "properties": {"x": {"type": "string"}}}}}`
		got := eval[string](b, `import("/assets/form.js").then(({form}) => JSON.stringify(form(`+schema+`, `+test.document+`).value()))`)
		if wanted := eval[string](b, `JSON.stringify(`+test.document+`)`); got != wanted {
			t.Errorf("%s: read %s, want %s", test.name, got, wanted)
		}
	}
}
