package transform

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Path is a JSON path into an event, as in InputPath and InputPathsMap: $.detail.id, $.resources[0],
// $.detail.lines[*].sku, $.detail['odd name'].
type Path []string

var (
	pathForm = regexp.MustCompile(`^\$(\.[^.\[\]'"\s]+|\[(\d{1,9}|\*|'[^']*'|"[^"]*")\])*$`)
	pathStep = regexp.MustCompile(`\.[^.\[]+|\[(?:\d+|\*|'[^']*'|"[^"]*")\]`)
)

// ParsePath parses a path. Its error says what is wrong with it.
func ParsePath(s string) (Path, error) {
	if !pathForm.MatchString(s) {
		return nil, fmt.Errorf("%q is not a path such as $.detail.id or $.resources[0]", s)
	}
	return pathStep.FindAllString(s[1:], -1), nil
}

// Find returns the value at the path as written, or nil if there is none.
func (p Path) Find(document json.RawMessage) json.RawMessage {
	for i, step := range p {
		switch {
		case step == "[*]":
			return p[i+1:].findAll(document)
		case step[0] == '.':
			document = name(document, step[1:])
		case strings.ContainsAny(step, `'"`):
			document = name(document, step[2:len(step)-2])
		default:
			document = index(document, step[1:len(step)-1])
		}
		if document == nil {
			return nil
		}
	}
	return document
}

// findAll returns a list with the results from each element of an array.
func (p Path) findAll(document json.RawMessage) json.RawMessage {
	var elements, found []json.RawMessage
	if json.Unmarshal(document, &elements) != nil {
		return nil
	}
	for _, element := range elements {
		if value := p.Find(element); value != nil {
			found = append(found, value)
		}
	}
	if found == nil {
		return nil
	}
	list, err := json.Marshal(found)
	if err != nil {
		return nil
	}
	return list
}

func name(document json.RawMessage, name string) json.RawMessage {
	var members map[string]json.RawMessage
	if json.Unmarshal(document, &members) != nil {
		return nil
	}
	return members[name]
}

func index(document json.RawMessage, index string) json.RawMessage {
	var elements []json.RawMessage
	i, err := strconv.Atoi(index)
	if err != nil || json.Unmarshal(document, &elements) != nil || i >= len(elements) {
		return nil
	}
	return elements[i]
}
