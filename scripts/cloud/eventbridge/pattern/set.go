package pattern

import (
	"slices"
	"sync"
)

// Set finds the patterns that match an event. It is immutable and safe for concurrent use.
type Set struct {
	paths      node
	fields     int // numbered from 1
	conditions []condition
	rules      []rule

	// Each rule is indexed once: by the exact values of one condition, else by a field that it requires, else in
	// always.
	byValue map[string][]int32
	byField [][]int32
	always  []int32

	events sync.Pool
}

// condition is a field with the number of its path. Rules with the same condition share it.
type condition struct {
	field
	number int32
}

// rule is an alternative of a pattern.
type rule struct {
	pattern    int
	conditions []int32
}

// NewSet returns a set of patterns. Match identifies them by their position in the list.
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

// add adds a rule. known maps the existing conditions to their numbers.
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

// number returns the field number of a path and assigns one if necessary.
func (s *Set) number(path string) int32 {
	n := s.paths.make(path)
	if n.field == 0 {
		s.fields++
		n.field = int32(s.fields)
	}
	return n.field
}

// Match appends to matched the positions of the patterns that match the event, in ascending order. The error is
// ErrEvent. Match does not validate the parts of the event that no pattern uses.
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

// read scans an event. The caller must release it, even after an error.
func (s *Set) read(raw []byte) (*event, error) {
	e := s.events.Get().(*event)
	e.raw = raw
	return e, e.scan()
}

// release resets an event for reuse.
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
