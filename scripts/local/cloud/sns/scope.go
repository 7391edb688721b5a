package sns

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"strings"

	"example.com/troupe/scripts/local/cloud/delivery"
	"github.com/go-json-experiment/json/jsontext"
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
	object, ok := members(m.text, sub.filter.names())
	if !ok {
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

// names are the members of a message that the filter looks at.
func (f *filter) names() map[string]bool {
	names := map[string]bool{}
	for _, field := range f.fields {
		names[field.name] = true
	}
	for _, alternatives := range f.alternatives {
		for _, alternative := range alternatives {
			maps.Copy(names, alternative.names())
		}
	}
	return names
}

// members reads those members of an object that are wanted. The others are stepped over, and must be JSON
// all the same.
func members(text string, wanted map[string]bool) (values map[string]any, ok bool) {
	decoder := jsontext.NewDecoder(bytes.NewBufferString(text), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if begin, err := decoder.ReadToken(); err != nil || begin.Kind() != '{' {
		return nil, false
	}
	values = map[string]any{}
	for decoder.PeekKind() == '"' {
		name, err := decoder.ReadToken()
		if err != nil {
			return nil, false
		}
		member := name.String() // a token does not outlive the next read
		value, err := decoder.ReadValue()
		if err != nil {
			return nil, false
		}
		if wanted[member] {
			values[member], _ = decode(string(value)) // it is JSON: the decoder has seen to that
		}
	}
	if end, err := decoder.ReadToken(); err != nil || end.Kind() != '}' {
		return nil, false
	}
	_, err := decoder.ReadToken()
	return values, err == io.EOF
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
