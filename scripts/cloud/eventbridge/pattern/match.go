package pattern

import "slices"

// Match reports whether the pattern matches an event. The error is ErrEvent.
func (p *Pattern) Match(event []byte) (bool, error) {
	var room [1]int
	matched, err := p.set.Match(event, room[:0])
	return len(matched) > 0, err
}

// check appends the patterns of the given rules that match.
func (e *event) check(rules []int32, matched []int) []int {
	for _, id := range rules {
		if r := &e.set.rules[id]; e.matches(r) {
			matched = append(matched, r.pattern)
		}
	}
	return matched
}

// matches reports whether all conditions of a rule match in the same elements of arrays.
func (e *event) matches(r *rule) bool {
	inArrays := 0
	for _, id := range r.conditions {
		switch e.fit(id) {
		case misfit:
			return false
		case fitsInArray:
			inArrays++
		}
	}
	return inArrays < 2 || e.together(r)
}

// fitness is the result of a condition for an event.
type fitness uint8

const (
	unknown fitness = iota
	misfit
	fits
	fitsInArray // only in array elements
)

// fit evaluates a condition, once per event.
func (e *event) fit(id int32) fitness {
	if e.judged[id] == unknown {
		e.judged[id] = e.judge(&e.set.conditions[id])
		e.dirty = append(e.dirty, id)
	}
	return e.judged[id]
}

func (e *event) judge(c *condition) fitness {
	values := e.values[c.number]
	if len(values) == 0 && c.absent {
		return fits
	}
	best := misfit
	for i := range values {
		if !c.match(&values[i]) {
			continue
		}
		if values[i].element == outside {
			return fits
		}
		best = fitsInArray
	}
	return best
}

func (f *field) match(v *value) bool {
	for i := range f.matchers {
		if f.matchers[i].match(v) {
			return true
		}
	}
	return false
}

// together reports whether the conditions that match in arrays can match in the same elements.
func (e *event) together(r *rule) bool {
	var fields [][]int32
	for _, id := range r.conditions {
		if e.fit(id) != fitsInArray {
			continue
		}
		c := &e.set.conditions[id]
		var elements []int32
		for i := range e.values[c.number] {
			if v := &e.values[c.number][i]; c.match(v) {
				elements = append(elements, v.element)
			}
		}
		fields = append(fields, elements)
	}
	together, _ := e.choose(fields, nil)
	return together
}

// choose selects an element for each remaining field that is consistent with those chosen so far. On failure it
// returns which of the chosen elements caused a conflict. The caller need not try alternatives to the others, which
// keeps independent arrays from multiplying the work.
func (e *event) choose(fields [][]int32, chosen []int32) (ok bool, blame []bool) {
	level := len(chosen)
	if level == len(fields) {
		return true, nil
	}
	blame = make([]bool, level)
	for _, candidate := range fields[level] {
		if i := slices.IndexFunc(chosen, func(other int32) bool { return e.contradict(candidate, other) }); i >= 0 {
			blame[i] = true
			continue
		}
		ok, deeper := e.choose(fields, append(chosen, candidate))
		if ok || !deeper[level] {
			return ok, deeper
		}
		for i := range blame {
			blame[i] = blame[i] || deeper[i]
		}
	}
	return false, blame
}

// contradict reports whether two elements lie in different elements of the same array.
func (e *event) contradict(a, b int32) bool {
	for x := a; x != outside; x = e.elements[x].parent {
		for y := b; y != outside; y = e.elements[y].parent {
			if e.elements[x].array == e.elements[y].array && e.elements[x].index != e.elements[y].index {
				return true
			}
		}
	}
	return false
}
