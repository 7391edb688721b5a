package pattern

import (
	"encoding/json"
	"testing"
)

// FuzzMatch checks that no pattern or event panics, and that all ways to match agree.
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
			t.Fatalf("%q isn't JSON but compiles", rule)
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
