package stories

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// expectation is the expected value of a member of a JSON document.
type expectation struct{ path, value string }

// expectations parses pairs of .member and value.
func expectations(args []string) ([]expectation, error) {
	if len(args) == 0 || len(args)%2 != 0 {
		return nil, errors.New("members and values come in pairs: .state cancelled")
	}
	var wanted []expectation
	for i := 0; i < len(args); i += 2 {
		if !strings.HasPrefix(args[i], ".") {
			return nil, fmt.Errorf("%q is not a member: write .%[1]s", args[i])
		}
		wanted = append(wanted, expectation{args[i], args[i+1]})
	}
	return wanted, nil
}

// expect returns an error for the first member of a document whose value differs.
func expect(document []byte, wanted []expectation) error {
	value, err := decode(document)
	if err != nil {
		return fmt.Errorf("%w: %s", err, clip(document))
	}
	for _, w := range wanted {
		found, err := member(value, w.path)
		switch {
		case err != nil:
			return fmt.Errorf("%w: %s", err, clip(document))
		case w.value != "*" && found != w.value:
			return fmt.Errorf("%s is %q, not %q", w.path, found, w.value)
		}
	}
	return nil
}

func decode(document []byte) (value any, err error) {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber() // compare numbers as written
	if err := decoder.Decode(&value); err != nil {
		return nil, fmt.Errorf("the answer is not JSON: %w", err)
	}
	return value, nil
}

// member returns a member of a document as text, or as JSON if it is an object or a list.
func member(value any, path string) (string, error) {
	for _, name := range strings.Split(strings.TrimPrefix(path, "."), ".") {
		switch at := value.(type) {
		case map[string]any:
			found, known := at[name]
			if !known {
				return "", fmt.Errorf("there is no member %s in %s; there are %s", name, path, strings.Join(slices.Sorted(maps.Keys(at)), ", "))
			}
			value = found
		case []any:
			n, err := strconv.Atoi(name)
			if err != nil || n < 0 || n >= len(at) {
				return "", fmt.Errorf("there is no element %s in %s: the list has %d", name, path, len(at))
			}
			value = at[n]
		default:
			return "", fmt.Errorf("there is no member %s in %s", name, path)
		}
	}
	return asText(value), nil
}

func asText(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case json.Number:
		return value.String()
	}
	text, _ := json.Marshal(value) // it was decoded from JSON
	return string(text)
}

// clip shortens a document for an error message.
func clip(document []byte) string {
	const most = 500
	if text := strings.TrimSpace(string(document)); len(text) <= most {
		return text
	}
	return string(document[:most]) + " …"
}
