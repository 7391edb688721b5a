package pattern

import (
	"encoding/binary"
	"slices"
)

// index indexes each rule by the condition that the fewest rules share.
func (s *Set) index() {
	s.byField = make([][]int32, s.fields+1)
	names := map[string]int{}
	for _, r := range s.rules {
		for _, id := range r.conditions {
			for _, key := range s.conditions[id].keys() {
				names[key]++
			}
		}
	}
	for id, r := range s.rules {
		s.file(int32(id), s.rarest(r, names))
	}
}

// rarest returns the condition that the fewest rules share. It prefers a condition with exact values.
func (s *Set) rarest(r rule, names map[string]int) *condition {
	var best *condition
	fewest := 0
	for _, id := range r.conditions {
		c, n := &s.conditions[id], 0
		if c.absent {
			continue
		}
		for _, key := range c.keys() {
			n += names[key]
		}
		if best == nil || c.exact() && !best.exact() || c.exact() == best.exact() && n < fewest {
			best, fewest = c, n
		}
	}
	return best
}

func (s *Set) file(id int32, c *condition) {
	switch {
	case c == nil:
		s.always = append(s.always, id)
	case !c.exact():
		s.byField[c.number] = append(s.byField[c.number], id)
	default:
		for _, key := range c.keys() {
			s.byValue[key] = append(s.byValue[key], id)
		}
	}
}

// exact reports whether a condition consists of exact values only.
func (c *condition) exact() bool {
	return !slices.ContainsFunc(c.matchers, func(m matcher) bool { return m.exact == nil })
}

// keys returns the index keys of a condition: one for each exact value, or one for its field.
func (c *condition) keys() []string {
	if c.absent {
		return nil
	}
	if !c.exact() {
		return []string{string(binary.LittleEndian.AppendUint32(nil, uint32(c.number)))}
	}
	var keys []string
	for _, m := range c.matchers {
		keys = append(keys, string(appendKey(nil, c.number, m.exact)))
	}
	return keys
}

// appendKey appends the index key of a field's value.
func appendKey(key []byte, number int32, v *value) []byte {
	return v.appendKey(binary.LittleEndian.AppendUint32(key, uint32(number)))
}
