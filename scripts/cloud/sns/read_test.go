package sns

import (
	"encoding/json"
	"io"
	"reflect"
	"strings"
	"testing"
)

// FuzzRead checks that read decodes a document as encoding/json does, and that a filter judges the members that it
// looks at as it judges the whole message.
func FuzzRead(f *testing.F) {
	f.Add(`{"a": {"b": ["c"]}, "$or": [{"a": [1]}, {"d": {"e": [{"exists": false}]}}]}`, `{"a": [{"b": "x", "c": 1}, 2], "d": {"f": {}}, "d": null}`)
	f.Add(`{"a": ["b"]}`, `{"a": "\u0062", "n": [-0.50, 1e9, true, false, null, "", {}, []]} x`)
	f.Add(`{"a": ["b"]}`, `{"a": "b"`)
	f.Add(`{"a.b": ["c"], "a": {"d.e": [1], "$or": [{"f.g": [1]}, {"f": {"h": [2]}}]}}`, `{"a": {"b": "c", "d.e": 1, "f": [{"g": 1}]}, "a.f.h": 2, "a.x": 0}`)
	f.Fuzz(func(t *testing.T, policy, text string) {
		var want any
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		wantOK := decoder.Decode(&want) == nil
		if _, err := decoder.Token(); err != io.EOF {
			wantOK = false
		}
		whole, ok := read(text, nil)
		if ok != wantOK || ok && !reflect.DeepEqual(whole, want) {
			t.Fatalf("read %v, %v; want %v, %v", whole, ok, want, wantOK)
		}
		filter, compileErr := compileFilter(policy, true)
		if compileErr != nil || filter == nil {
			return
		}
		part, okPart := read(text, filter.used)
		full, isObject := whole.(map[string]any)
		if okPart != ok {
			t.Fatalf("it is read %v as a whole, and %v in part", ok, okPart)
		}
		if !ok || !isObject {
			return
		}
		if got, want := filter.mismatch(undot(part).(map[string]any), ""), filter.mismatch(undot(full).(map[string]any), ""); got != want {
			t.Errorf("%q of a part, %q of all", got, want)
		}
	})
}
