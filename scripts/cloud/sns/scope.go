package sns

import (
	"encoding/json"
	"strings"

	"example.com/localcloud/delivery"
)

// rejects returns why the subscription's filter policy rejects a message, or "" if it accepts the message.
func (sub *subscription) rejects(m *message) string {
	switch {
	case sub.filter == nil:
		return ""
	case !sub.body:
		return sub.filter.mismatch(filterable(m.attributes), "the attribute ")
	}
	value, ok := read(m.text, sub.filter.used)
	object, isObject := undot(value).(map[string]any)
	if !ok || !isObject {
		return "the message is no JSON object"
	}
	return sub.filter.mismatch(object, "")
}

// filterable returns the attributes that filter policies can match. It leaves out Binary ones; String.Array becomes a
// list.
func filterable(attributes map[string]delivery.Attribute) map[string]any {
	values := make(map[string]any, len(attributes))
	for name, a := range attributes {
		switch kind, _, _ := strings.Cut(a.DataType, "."); {
		case a.DataType == "String.Array":
			if list, ok := read(a.StringValue, nil); ok {
				values[name] = list
			}
		case kind == "String":
			values[name] = a.StringValue
		case kind == "Number":
			values[name] = json.Number(a.StringValue)
		}
	}
	return values
}
