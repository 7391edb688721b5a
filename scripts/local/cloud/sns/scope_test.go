package sns

import (
	"testing"

	"example.com/troupe/scripts/local/cloud/wire"
)

// FuzzWanted holds that a filter says the same of what it wants of a message as of the whole message.
func FuzzWanted(f *testing.F) {
	f.Add(`{"a": {"b": ["c"]}, "$or": [{"a": [1]}, {"d": {"e": [{"exists": false}]}}]}`, `{"a": [{"b": "x", "c": 1}, 2], "d": {"f": {}}, "d": null}`)
	f.Fuzz(func(t *testing.T, policy, text string) {
		filter, err := compileFilter(policy, true)
		if err != nil || filter == nil {
			return
		}
		value, ok := wire.Value(text, filter.wanted())
		object, isObject := value.(map[string]any)
		whole, _ := decode(text)
		if full, _ := whole.(map[string]any); ok && isObject && filter.mismatch(object, "") != filter.mismatch(full, "") {
			t.Errorf("%q of what is wanted, %q of all", filter.mismatch(object, ""), filter.mismatch(full, ""))
		}
	})
}
