package pattern

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// Error describes why a pattern is invalid.
type Error struct{ Reason string }

// Error returns AWS's message for an invalid pattern.
func (e *Error) Error() string { return "Event pattern is not valid. Reason: " + e.Reason }

func errorf(format string, args ...any) error { return &Error{fmt.Sprintf(format, args...)} }

// maxDepth limits the nesting of patterns.
const maxDepth = 200

// object is a JSON object with its members in textual order, including repeated ones.
type object []member

type member struct {
	name  string
	value any // string, numeral, bool, nil, []any or object
}

// numeral is a number as written. It is a struct so that %#v distinguishes it from a string.
type numeral struct{ json.Number }

// parse parses a JSON object.
func parse(raw []byte) (object, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	value, err := parseValue(d, 0)
	if err == nil {
		if _, err = d.Token(); err == io.EOF {
			if o, ok := value.(object); ok {
				return o, nil
			}
			return nil, errorf("Filter is not an object")
		}
	}
	if e, ok := err.(*Error); ok {
		return nil, e
	}
	return nil, errorf("the text is not JSON, near byte %d", d.InputOffset())
}

func parseValue(d *json.Decoder, depth int) (any, error) {
	if depth > maxDepth {
		return nil, errorf("more than %d levels of nesting", maxDepth)
	}
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch v := token.(type) {
	case json.Number:
		return numeral{v}, nil
	case json.Delim: // an opening one: the decoder allows no other here
		if v == '{' {
			return parseObject(d, depth)
		}
		return parseList(d, depth)
	}
	return token, nil
}

func parseObject(d *json.Decoder, depth int) (object, error) {
	o := object{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		value, err := parseValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		o = append(o, member{name.(string), value}) // the decoder allows only strings here
	}
	_, err := d.Token()
	return o, err
}

func parseList(d *json.Decoder, depth int) ([]any, error) {
	list := []any{}
	for d.More() {
		value, err := parseValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	_, err := d.Token()
	return list, err
}
