package sns

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// members names the members of an object to read, and the members of those. nil stands for everything.
type members map[string]members

// addUsed adds the members that a filter looks at.
func (f *filter) addUsed(of members) {
	for _, field := range f.fields {
		inside, known := of[field.name]
		switch {
		case field.nested == nil, known && inside == nil:
			of[field.name] = nil // as a whole
			continue
		case !known:
			inside = members{}
			of[field.name] = inside
		}
		field.nested.addUsed(inside)
	}
	for _, alternatives := range f.alternatives {
		for _, alternative := range alternatives {
			alternative.addUsed(of)
		}
	}
}

// at returns the members of the member with the given name. As on AWS, dots in a name separate levels: see undot.
func (m members) at(name string) (inside members, known bool) {
	for step := range strings.SplitSeq(name, ".") {
		if m == nil {
			return nil, true
		}
		if m, known = m[step]; !known {
			return nil, false
		}
	}
	return m, true
}

// read decodes a JSON document as encoding/json does into an any, with numbers as written. It skips members that are
// not wanted, because a filter looks at only a small part of a message.
func read(text string, wanted members) (value any, ok bool) {
	d := jsontext.NewDecoder(bytes.NewBufferString(text), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	value, err := readValue(d, wanted)
	if err != nil {
		return nil, false
	}
	_, err = d.ReadToken()
	return value, err == io.EOF
}

func readValue(d *jsontext.Decoder, wanted members) (any, error) {
	token, err := d.ReadToken()
	if err != nil {
		return nil, err
	}
	switch token.Kind() {
	case '{':
		return readObject(d, wanted)
	case '[':
		return readArray(d, wanted)
	case '"':
		return token.String(), nil
	case '0':
		return json.Number(token.String()), nil
	case 'n':
		return nil, nil
	}
	return token.Bool(), nil
}

func readObject(d *jsontext.Decoder, wanted members) (any, error) {
	object := map[string]any{}
	for d.PeekKind() == '"' {
		token, err := d.ReadToken()
		if err != nil {
			return nil, err
		}
		name := token.String()
		if inside, known := wanted.at(name); !known {
			err = d.SkipValue()
		} else {
			object[name], err = readValue(d, inside)
		}
		if err != nil {
			return nil, err
		}
	}
	_, err := d.ReadToken() // the closing brace or a syntax error
	return object, err
}

func readArray(d *jsontext.Decoder, wanted members) (any, error) {
	array := []any{}
	for kind := d.PeekKind(); kind != ']' && kind != jsontext.KindInvalid; kind = d.PeekKind() {
		element, err := readValue(d, wanted)
		if err != nil {
			return nil, err
		}
		array = append(array, element)
	}
	_, err := d.ReadToken()
	return array, err
}
