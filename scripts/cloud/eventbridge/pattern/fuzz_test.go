package pattern

import (
	"encoding/json"
	"testing"
)

// FuzzMatch holds any pattern and event to what must always be true: no panic, and one verdict whichever way it
// is asked.
func FuzzMatch(f *testing.F) {
	for _, c := range readCases(f, generated)[:200] {
		f.Add([]byte(c.Pattern), []byte(c.Event))
	}
	f.Fuzz(func(t *testing.T, rule, event []byte) {
		p, err := Compile(rule)
		if err != nil {
			return
		}
		if !json.Valid(rule) {
			t.Fatalf("%q is no JSON and compiles", rule)
		}
		match, err := p.Match(event)
		if err != nil && json.Valid(event) && event[0] == '{' && len(event) < maxDepth {
			t.Fatalf("%q: %v", event, err)
		}
		if match != (err == nil && p.Explain(event) == "") {
			t.Fatalf("%q with %q: match is %t, explained as %q", rule, event, match, p.Explain(event))
		}
		found, _ := NewSet([]*Pattern{p, p}).Match(event, nil)
		if match != (len(found) == 2) {
			t.Fatalf("%q with %q: match is %t, found %v", rule, event, match, found)
		}
	})
}
