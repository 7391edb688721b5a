package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Problem is a violation with its position in a file. Line and column count from 1; the column in bytes.
type Problem struct {
	Violation
	Line, Column int
}

// FileError lists the violations of a document in a file, one per line: "services/lighthouse/service.json:7:5: /store
// must be one of dynamodb, sql, none".
type FileError struct {
	File     string
	Problems []Problem
}

func (e *FileError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = fmt.Sprintf("%s:%d:%d: %s", e.File, p.Line, p.Column, p.Violation)
	}
	return strings.Join(lines, "\n")
}

// InFile returns a *FileError with the positions of the violations, or nil if there are none. A missing member has
// the position of its object.
func InFile(file string, data []byte, violations []Violation) error {
	if len(violations) == 0 {
		return nil
	}
	e := &FileError{File: file}
	for _, v := range violations {
		before := data[:locate(data, v.Place)]
		e.Problems = append(e.Problems, Problem{
			Violation: v,
			Line:      bytes.Count(before, []byte("\n")) + 1,
			Column:    len(before) - bytes.LastIndexByte(before, '\n'),
		})
	}
	return e
}

// ReadJSON decodes the content of a file. What is wrong with it is a *FileError.
func ReadJSON(file string, data []byte, into any) error {
	err := json.Unmarshal(data, into)
	if err == nil {
		return nil
	}
	v := Violation{Expected: "a JSON document: " + err.Error()}
	if unfit, is := errors.AsType[*json.UnmarshalTypeError](err); is && unfit.Field != "" {
		v = Violation{Place: pointer(strings.Split(unfit.Field, ".")), Expected: "of another type than " + unfit.Value}
	}
	return InFile(file, data, []Violation{v})
}

// locate returns the offset of a member's name, of an item, or of its deepest existing parent; in invalid JSON, that
// of the first error.
func locate(data []byte, place string) int {
	if fault, bad := errors.AsType[*json.SyntaxError](json.Unmarshal(data, new(any))); bad {
		return max(0, int(fault.Offset)-1)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	at := next(data, 0)
	for _, token := range tokens(place) {
		inside, found := descend(decoder, data, token)
		if !found {
			break
		}
		at = inside
	}
	return at
}

// descend reads up to the value of a member or item of the next value.
func descend(decoder *json.Decoder, data []byte, token string) (at int, found bool) {
	opening, err := decoder.Token()
	if _, container := opening.(json.Delim); !container {
		return 0, false
	}
	for i := 0; err == nil && decoder.More(); i++ {
		name := any(fmt.Sprint(i))
		at = next(data, int(decoder.InputOffset()))
		if opening == json.Delim('{') {
			name, err = decoder.Token()
		}
		if name == token {
			return at, true
		}
		err = errors.Join(err, decoder.Decode(new(json.RawMessage)))
	}
	return 0, false
}

// next skips what separates two JSON tokens.
func next(data []byte, offset int) int {
	return len(data) - len(bytes.TrimLeft(data[offset:], " \t\r\n,:"))
}
