package dynamodb

import (
	"fmt"
	"slices"
	"strings"
)

// path locates a value in an item.
type path []step

// step selects a member of a map by name or an element of a list by index.
type step struct {
	name    string
	index   int
	isIndex bool
}

func (s step) String() string {
	if s.isIndex {
		return fmt.Sprintf("[%d]", s.index)
	}
	return s.name
}

func (p path) String() string {
	steps := make([]string, len(p))
	for i, s := range p {
		steps[i] = s.String()
	}
	return "[" + strings.Join(steps, ", ") + "]"
}

// value returns the value at the path, or nil if there is none.
func (p path) value(item Item) Value {
	var v Value = item
	for _, s := range p {
		if v = s.value(v); v == nil {
			return nil
		}
	}
	return v
}

func (s step) value(within Value) Value {
	switch within := within.(type) {
	case Item:
		if !s.isIndex {
			return within[s.name]
		}
	case List:
		if s.isIndex && s.index < len(within) {
			return within[s.index]
		}
	}
	return nil
}

// distinct rejects paths that overlap, and paths that disagree on whether a value is a list or a map. The meaning of
// such an expression would depend on the order of its parts.
func (p *parser) distinct(paths []path) {
	for i, one := range paths {
		for _, two := range paths[:i] {
			shared := 0
			for shared < min(len(one), len(two)) && one[shared] == two[shared] {
				shared++
			}
			switch {
			case shared == len(one), shared == len(two):
				p.fail("Two document paths overlap with each other; must remove or rewrite one of these paths; path one: %v, path two: %v", two, one)
			case one[shared].isIndex != two[shared].isIndex:
				p.fail("Two document paths conflict with each other; must remove or rewrite one of these paths; path one: %v, path two: %v", two, one)
			}
		}
	}
}

func samePath(a, b operand) bool {
	one, ok := a.(path)
	two, also := b.(path)
	return ok && also && slices.Equal(one, two)
}
