package sns

import (
	"encoding/json"
	"io"
	"strings"

	"example.com/troupe/scripts/local/cloud/delivery"
	"example.com/troupe/scripts/local/cloud/wire"
)

// rejects says why the subscription's filter policy does not let a message through;
// it is empty when it does.
func (sub *subscription) rejects(m *message) string {
	switch {
	case sub.filter == nil:
		return ""
	case !sub.body:
		return sub.filter.mismatch(filterable(m.attributes), "the attribute ")
	}
	value, ok := wire.Value(m.text, sub.filter.wanted())
	if !ok {
		value, ok = decode(m.text)
	}
	object, isObject := value.(map[string]any)
	if !ok || !isObject {
		return "the message is no JSON object"
	}
	return sub.filter.mismatch(object, "")
}

// filterable returns the attributes that filter policies look at: Binary is none of
// them, and String.Array is a list.
func filterable(attributes map[string]delivery.Attribute) map[string]any {
	values := make(map[string]any, len(attributes))
	for name, a := range attributes {
		switch kind, _, _ := strings.Cut(a.DataType, "."); {
		case a.DataType == "String.Array":
			if list, ok := decode(a.StringValue); ok {
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

// wanted names the fields of a message that the filter looks at.
func (f *filter) wanted() wire.Wanted {
	names := wire.Wanted{}
	f.want(names)
	return names
}

func (f *filter) want(names wire.Wanted) {
	for _, field := range f.fields {
		inside, known := names[field.name]
		switch {
		case field.nested == nil, known && inside == nil:
			names[field.name] = nil // as a whole
			continue
		case !known:
			inside = wire.Wanted{}
			names[field.name] = inside
		}
		field.nested.want(inside)
	}
	for _, alternatives := range f.alternatives {
		for _, alternative := range alternatives {
			alternative.want(names)
		}
	}
}

func decode(text string) (value any, ok bool) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		return nil, false
	}
	_, err := decoder.Token()
	return value, err == io.EOF
}
