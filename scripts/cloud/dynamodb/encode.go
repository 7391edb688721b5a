package dynamodb

import (
	"encoding/base64"
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// MarshalJSON writes a map of attribute values, sorted by name.
func (m Item) MarshalJSON() ([]byte, error) {
	if m == nil {
		return []byte("null"), nil
	}
	return appendItem(nil, m), nil
}

func appendItem(b []byte, m Item) []byte {
	b = append(b, '{')
	for i, name := range slices.Sorted(maps.Keys(m)) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, name), ':')
		b = appendValue(b, m[name])
	}
	return append(b, '}')
}

func appendValue(b []byte, v Value) []byte {
	b = append(b, `{"`...)
	b = append(b, v.kind()...)
	b = append(b, `":`...)
	return append(appendContent(b, v), '}')
}

func appendContent(b []byte, v Value) []byte {
	switch v := v.(type) {
	case String:
		return appendString(b, string(v))
	case Number:
		return append(append(append(b, '"'), v.String()...), '"')
	case Binary:
		b = base64.StdEncoding.AppendEncode(append(b, '"'), []byte(v))
		return append(b, '"')
	case Bool:
		if !v {
			return append(b, "false"...)
		}
	case Item:
		return appendItem(b, v)
	case List:
		return appendAll(b, v, appendValue)
	case Set:
		return appendAll(b, v.members, appendContent)
	}
	return append(b, "true"...)
}

func appendAll(b []byte, values []Value, one func([]byte, Value) []byte) []byte {
	b = append(b, '[')
	for i, v := range values {
		if i > 0 {
			b = append(b, ',')
		}
		b = one(b, v)
	}
	return append(b, ']')
}

func appendString(b []byte, s string) []byte {
	b, _ = jsontext.AppendQuote(b, s) // replaces invalid UTF-8, as encoding/json does
	return b
}
