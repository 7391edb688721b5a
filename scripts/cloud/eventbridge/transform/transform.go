// Package transform implements EventBridge's input transformer, which creates a target's input from an event.
//
// A template that starts with a quotation mark produces text; any other must produce JSON. Outside quotation marks, a
// placeholder becomes the value as JSON. Inside them, it becomes the text of a string. Any other value inside
// quotation marks loses its own quotation marks in a text template. In a JSON template it keeps them, which breaks
// the string; AWS drops such an event, and so does this package (ErrInvalid).
package transform

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// ErrInvalid is the error for a template that did not produce JSON. The event is not delivered.
var ErrInvalid = errors.New("the input transformer's template did not become valid JSON")

// Transformer is a compiled input transformer. It is safe for concurrent use.
type Transformer struct {
	paths    map[string]Path
	template string
	text     bool
}

// Rule holds the values of <aws.events.rule-arn>, <aws.events.rule-name> and <aws.events.event.ingestion-time>.
type Rule struct {
	ARN, Name string
	Ingestion time.Time // when the bus received the event, which is not the event's own time
}

var placeholder = regexp.MustCompile(`<([\w.-]+)>`)

// reserved holds the variables that need no path; see the user guide, "Predefined variables".
var reserved = map[string]func(event json.RawMessage, r Rule) json.RawMessage{
	"aws.events.rule-arn":  func(_ json.RawMessage, r Rule) json.RawMessage { return quoted(r.ARN) },
	"aws.events.rule-name": func(_ json.RawMessage, r Rule) json.RawMessage { return quoted(r.Name) },
	"aws.events.event.ingestion-time": func(_ json.RawMessage, r Rule) json.RawMessage {
		return quoted(r.Ingestion.UTC().Format("2006-01-02T15:04:05Z"))
	},
	"aws.events.event.json": func(event json.RawMessage, _ Rule) json.RawMessage { return event },
	"aws.events.event": func(event json.RawMessage, _ Rule) json.RawMessage { // without its detail
		var members map[string]json.RawMessage
		if json.Unmarshal(event, &members) != nil {
			return nil
		}
		delete(members, "detail")
		return marshal(members)
	},
}

func quoted(s string) json.RawMessage { return marshal(s) }

func marshal(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil // happens only if the input isn't JSON
	}
	return raw
}

// Parse compiles a template and the paths of its placeholders. An error is a predicate, to follow the template's
// name: "contains invalid placeholder x"
func Parse(paths map[string]string, template string) (*Transformer, error) {
	t := &Transformer{paths: map[string]Path{}, template: template}
	t.text = strings.HasPrefix(strings.TrimSpace(template), `"`)
	for name, path := range paths {
		p, err := ParsePath(path)
		if err != nil {
			return nil, fmt.Errorf("has a bad path for %s: %w", name, err)
		}
		t.paths[name] = p
	}
	for _, match := range placeholder.FindAllStringSubmatch(template, -1) {
		if _, known := t.paths[match[1]]; !known && reserved[match[1]] == nil {
			return nil, fmt.Errorf("contains invalid placeholder %s", match[1])
		}
	}
	return t, nil
}

// Apply returns a target's input for an event. The error is ErrInvalid.
func (t *Transformer) Apply(event []byte, r Rule) ([]byte, error) {
	var out bytes.Buffer
	rest, inString := t.template, false
	for {
		at := placeholder.FindStringSubmatchIndex(rest)
		if at == nil {
			break
		}
		before := rest[:at[0]]
		inString = inString != (unescapedQuotes(before)%2 == 1)
		out.WriteString(before)
		out.Write(t.spell(t.find(rest[at[2]:at[3]], event, r), inString))
		rest = rest[at[1]:]
	}
	out.WriteString(rest)
	if !t.text && !json.Valid(out.Bytes()) {
		return nil, ErrInvalid
	}
	return out.Bytes(), nil
}

func (t *Transformer) find(name string, event []byte, r Rule) json.RawMessage {
	if path, ok := t.paths[name]; ok {
		return path.Find(event)
	}
	return reserved[name](event, r)
}

// spell formats a value for its position, inside or outside a string.
func (t *Transformer) spell(value json.RawMessage, inString bool) []byte {
	value = bytes.TrimSpace(value)
	isText := len(value) > 1 && value[0] == '"'
	switch {
	case value == nil && inString:
		return nil
	case value == nil:
		return []byte(`""`)
	case inString && isText:
		return value[1 : len(value)-1]
	case inString && t.text:
		return bytes.ReplaceAll(compact(value), []byte(`"`), nil)
	}
	return value
}

func compact(value []byte) []byte {
	var b bytes.Buffer
	if json.Compact(&b, value) != nil {
		return value
	}
	return b.Bytes()
}

// unescapedQuotes returns the number of quotation marks that begin or end a string.
func unescapedQuotes(s string) (n int) {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			n++
		}
	}
	return n
}
