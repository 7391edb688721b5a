package pattern

import (
	"slices"
	"sync"
)

// Set finds the patterns that match an event. It does not change once made, and is safe for
// concurrent use.
type Set struct {
	paths      node
	fields     int // numbered from 1
	conditions []condition
	rules      []rule

	// Where a rule is looked up: by one exact value that it needs, else by a field that it
	// needs, else always.
	byValue map[string][]int32
	byField [][]int32
	always  []int32

	events sync.Pool
}

// condition is a field with the number of its path. Rules that want the same of a field share it.
type condition struct {
	field
	number int32
}

// rule is an alternative of one pattern.
type rule struct {
	pattern    int
	conditions []int32
}

// NewSet returns a set of patterns. Match names them by their place in the list.
func NewSet(patterns []*Pattern) *Set {
	s := &Set{byValue: map[string][]int32{}}
	known := map[string]int32{}
	for i, p := range patterns {
		for _, a := range p.alternatives {
			s.add(i, a, known)
		}
	}
	s.index()
	s.events.New = func() any {
		return &event{set: s, values: make([][]value, s.fields+1), judged: make([]fitness, len(s.conditions))}
	}
	return s
}

// add adds a rule; known finds the conditions that there are.
func (s *Set) add(pattern int, a alternative, known map[string]int32) {
	r := rule{pattern, make([]int32, len(a))}
	for i, f := range a {
		id, ok := known[f.source]
		if !ok {
			id = int32(len(s.conditions))
			known[f.source] = id
			s.conditions = append(s.conditions, condition{f, s.number(f.path)})
		}
		r.conditions[i] = id
	}
	s.rules = append(s.rules, r)
}

// number returns the number of a path's field, a new one when there is none.
func (s *Set) number(path string) int32 {
	n := s.paths.make(path)
	if n.field == 0 {
		s.fields++
		n.field = int32(s.fields)
	}
	return n.field
}

// Match appends to matched the places of the patterns that match the event, in order. The error is
// ErrEvent; of what no pattern looks at, the event's syntax is not checked.
func (s *Set) Match(raw []byte, matched []int) ([]int, error) {
	e, err := s.read(raw)
	defer s.release(e)
	if err != nil {
		return matched, err
	}
	from := len(matched)
	matched = e.check(s.always, matched)
	for _, number := range e.present {
		matched = e.check(s.byField[number], matched)
		for i := range e.values[number] {
			e.key = appendKey(e.key[:0], number, &e.values[number][i])
			matched = e.check(s.byValue[string(e.key)], matched)
		}
	}
	slices.Sort(matched[from:])
	return append(matched[:from], slices.Compact(matched[from:])...), nil
}

// read scans an event. Release it, whatever the error.
func (s *Set) read(raw []byte) (*event, error) {
	e := s.events.Get().(*event)
	e.raw = raw
	return e, e.scan()
}

// release makes an event ready for the next use.
func (s *Set) release(e *event) {
	for _, number := range e.present {
		clear(e.values[number])
		e.values[number] = e.values[number][:0]
	}
	for _, id := range e.dirty {
		e.judged[id] = unknown
	}
	e.raw, e.at, e.arrays = nil, 0, 0
	e.present, e.elements, e.dirty = e.present[:0], e.elements[:0], e.dirty[:0]
	s.events.Put(e)
}
