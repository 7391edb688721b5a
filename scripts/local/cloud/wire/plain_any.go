package wire

import (
	"bytes"
	"encoding/json"
)

// Wanted names the members of objects that are to be read. Nil stands for all there are.
type Wanted map[string]Wanted

// Value reads a document of any shape as encoding/json does into an any, with numbers as they are written, but for the members
// of objects that are not wanted. It says no to what is not plain JSON, which may still be some.
func Value(text string, wanted Wanted) (value any, ok bool) {
	p := &plain{raw: []byte(text)}
	value, ok = p.any(wanted)
	return value, ok && p.peek() == 0 && p.at == len(p.raw)
}

// Compact returns a document that has no white space as bytes. It says no to what is not plain JSON, which may still be some.
func Compact(text string) (raw []byte, ok bool) {
	p := &plain{raw: []byte(text)}
	return p.raw, p.skip() && p.at == len(p.raw) && !p.spaced
}

func (p *plain) any(wanted Wanted) (value any, ok bool) {
	switch p.peek() {
	case '"':
		return p.text()
	case '{':
		object := map[string]any{}
		return object, p.group('{', '}', func() bool {
			name, ok := p.skim()
			inside, isWanted := wanted[string(name)]
			switch {
			case !ok || !p.take(':'):
				return false
			case wanted != nil && !isWanted:
				return p.skip()
			}
			object[string(name)], ok = p.any(inside)
			return ok
		})
	case '[':
		list := []any{}
		ok = p.group('[', ']', func() bool {
			element, ok := p.any(wanted)
			list = append(list, element)
			return ok
		})
		return list, ok
	}
	switch word := p.word(); string(word) {
	case "true", "false":
		return len(word) == len("true"), true
	case "null":
		return nil, true
	default:
		return json.Number(word), json.Valid(word) // no other word is JSON
	}
}

// skip steps over a value that must be right all the same.
func (p *plain) skip() bool {
	switch p.peek() {
	case '"':
		_, ok := p.skim()
		return ok
	case '{':
		return p.group('{', '}', func() bool {
			_, ok := p.skim()
			return ok && p.take(':') && p.skip()
		})
	case '[':
		return p.group('[', ']', p.skip)
	}
	return json.Valid(p.word())
}

// skim is text without a copy where none is needed.
func (p *plain) skim() ([]byte, bool) {
	raw, escaped, ok := p.quoted()
	if !ok || !escaped {
		return raw, ok
	}
	text, ok := unescape(raw)
	return []byte(text), ok
}

// group is between for what may nest.
func (p *plain) group(open, end byte, element func() bool) bool {
	p.depth++
	defer func() { p.depth-- }()
	return p.depth <= maxPlainDepth && p.between(open, end, element)
}

// word returns what stands in no quotes or brackets.
func (p *plain) word() []byte {
	word := p.raw[p.at:]
	if end := bytes.IndexAny(word, " \t\r\n,]}"); end >= 0 {
		word = word[:end]
	}
	p.at += len(word)
	return word
}
