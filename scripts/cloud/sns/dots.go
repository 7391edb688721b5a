package sns

import (
	"slices"
	"strings"
)

// undot replaces the names with dots in a message by nested objects, because a filter policy does not distinguish
// {"a.b": 1} from {"a": {"b": 1}}, neither in itself nor in a message. Source: LocalStack's
// test_filter_policy_on_message_body_dot_attribute, validated against AWS.
func undot(value any) any {
	switch v := value.(type) {
	case []any:
		for i := range v {
			v[i] = undot(v[i])
		}
	case map[string]any:
		var dotted []string
		for name := range v {
			v[name] = undot(v[name])
			if strings.Contains(name, ".") {
				dotted = append(dotted, name)
			}
		}
		slices.Sort(dotted)
		for _, name := range dotted {
			inner := v[name]
			delete(v, name)
			put(v, strings.Split(name, "."), inner)
		}
	}
	return value
}

// put adds a value at a path. If there is one already, both count.
func put(object map[string]any, path []string, value any) {
	if len(path) > 1 {
		inner := map[string]any{}
		put(inner, path[1:], value)
		value = inner
	}
	old, taken := object[path[0]]
	if !taken {
		object[path[0]] = value
		return
	}
	oldObject, ok := old.(map[string]any)
	newObject, both := value.(map[string]any)
	if !ok || !both {
		object[path[0]] = []any{old, value}
		return
	}
	for name, inner := range newObject {
		put(oldObject, []string{name}, inner)
	}
}
