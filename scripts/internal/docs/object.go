package docs

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// object is a JSON object that keeps the order in which its author wrote the members.
type object []member

type member struct {
	name  string
	value any // object, []any, or a scalar
}

// decode reads a JSON document, with numbers as written.
func decode(document []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	return read(decoder)
}

func read(decoder *json.Decoder) (any, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		made := object{}
		for decoder.More() {
			name, err := decoder.Token()
			if err != nil {
				return nil, err
			}
			value, err := read(decoder)
			if err != nil {
				return nil, err
			}
			made = append(made, member{fmt.Sprint(name), value})
		}
		_, err = decoder.Token()
		return made, err
	case json.Delim('['):
		made := []any{}
		for decoder.More() {
			value, err := read(decoder)
			if err != nil {
				return nil, err
			}
			made = append(made, value)
		}
		_, err = decoder.Token()
		return made, err
	}
	return token, nil
}

// get returns a member's value, or nil.
func (o object) get(name string) any {
	for _, m := range o {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// in returns a member that is an object, or nil.
func (o object) in(name string) object {
	inside, _ := o.get(name).(object)
	return inside
}

// list returns a member that is a list, or nil.
func (o object) list(name string) []any {
	items, _ := o.get(name).([]any)
	return items
}

// text returns a member that is a text, or "".
func (o object) text(name string) string {
	text, _ := o.get(name).(string)
	return text
}

// MarshalJSON writes the members in their order.
func (o object) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	for i, m := range o {
		out.WriteByte(map[bool]byte{true: '{', false: ','}[i == 0])
		name, err := encode(m.name)
		if err != nil {
			return nil, err
		}
		value, err := encode(m.value)
		if err != nil {
			return nil, err
		}
		out.Write(append(append(name, ':'), value...))
	}
	if len(o) == 0 {
		return []byte("{}"), nil
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// encode writes a value as JSON, with <, > and & as they are: it is read by people, and stands in no page of HTML.
func encode(value any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSpace(out.Bytes()), err
}
