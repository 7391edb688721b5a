package schema

import (
	"slices"
	"strings"
)

// Members are the names of members that hold personal data, for documents that no contract describes: a service's own,
// requests and responses. Names are compared without regard to case, as Go's decoder does.
type Members []string

// Has reports whether a member with this name holds personal data.
func (m Members) Has(name string) bool {
	return slices.ContainsFunc(m, func(known string) bool { return known == Everything || strings.EqualFold(known, name) })
}

// Hide returns a document as it may be shown, and the texts and numbers that it hid. If m is empty, that is the document as
// it is. Otherwise nothing is shown of what isn't JSON.
func (m Members) Hide(document []byte) (shown []byte, values []string) {
	if len(m) == 0 || len(document) == 0 {
		return document, nil
	}
	shown, err := m.Replace(document, func(_ string, value any) any {
		values = append(values, scalars(value)...)
		return Hidden
	})
	if err != nil {
		return hidden, nil
	}
	return shown, values
}

// Replace returns a JSON document with other values of the members in m, at any depth.
func (m Members) Replace(document []byte, replace func(name string, value any) any) ([]byte, error) {
	parsed, err := parse(document)
	if err != nil {
		return nil, err
	}
	return encode(m.walk(parsed, replace)), nil
}

func (m Members) walk(value any, replace func(string, any) any) any {
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			if m.Has(name) {
				value[name] = replace(name, member)
			} else {
				value[name] = m.walk(member, replace)
			}
		}
	case []any:
		for i, item := range value {
			value[i] = m.walk(item, replace)
		}
	}
	return value
}
