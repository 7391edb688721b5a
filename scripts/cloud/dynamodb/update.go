package dynamodb

import (
	"cmp"
	"maps"
	"slices"
)

// update is an update expression: its edits, by kind.
type update struct {
	set, remove, add, del []edit
	named                 []path // all paths, also those in values
}

// edit is what one action does at a path.
type edit struct {
	path     path
	assigned assigned // SET
	value    Value    // ADD, DELETE
}

var (
	errUpdatePath = invalid("The document path provided in the update expression is invalid for update")
	errUpdateKind = invalid("An operand in the update expression has an incorrect data type")
	errNoValue    = invalid("The provided expression refers to an attribute that does not exist in the item")
)

func (u *update) edits() []edit { return slices.Concat(u.set, u.remove, u.add, u.del) }

func (u *update) paths() []path {
	var paths []path
	for _, e := range u.edits() {
		paths = append(paths, e.path)
	}
	return paths
}

// creates reports whether the update creates a missing item. One that only removes does not.
func (u *update) creates() bool {
	return u == nil || len(u.set)+len(u.add) > 0
}

// apply returns the updated item. Every operand sees the item as it was. Indexes refer to the original lists too, so
// removals run last, from the highest index to the lowest.
func (u *update) apply(old Item) (Item, error) {
	item := old
	var err error
	change := func(e edit, do func(was Value) (Value, error)) {
		if err == nil {
			item, err = changeItem(item, e.path, do)
		}
	}
	for _, e := range u.inOrder(u.set) {
		change(e, func(Value) (Value, error) { return e.assigned.evaluate(old) })
	}
	for _, e := range u.inOrder(u.add) {
		change(e, func(was Value) (Value, error) { return added(was, e.value) })
	}
	for _, e := range u.del {
		change(e, func(was Value) (Value, error) { return deleted(was, e.value) })
	}
	for _, e := range slices.Backward(u.inOrder(u.remove)) {
		change(e, func(Value) (Value, error) { return nil, nil })
	}
	return item, err
}

// inOrder sorts edits by their paths, with ascending indexes.
func (u *update) inOrder(edits []edit) []edit {
	return slices.SortedStableFunc(slices.Values(edits), func(a, b edit) int {
		return slices.CompareFunc(a.path, b.path, func(s, t step) int {
			return cmp.Or(cmp.Compare(s.name, t.name), cmp.Compare(s.index, t.index))
		})
	})
}

func changeItem(item Item, at path, do func(Value) (Value, error)) (Item, error) {
	changed, err := changeValue(item, at, do)
	if err != nil {
		return nil, err
	}
	return changed.(Item), nil // a step by name keeps a map a map
}

// changeValue returns a copy of a value in which do has changed the value at the path. If do returns nil, the value
// is removed.
func changeValue(within Value, at path, do func(Value) (Value, error)) (Value, error) {
	if len(at) == 0 {
		return do(within)
	}
	here, rest := at[0], at[1:]
	was := here.value(within)
	if was == nil && len(rest) > 0 {
		return nil, errUpdatePath
	}
	now, err := changeValue(was, rest, do)
	if err != nil {
		return nil, err
	}
	switch within := within.(type) {
	case Item:
		if !here.isIndex {
			return within.with(here.name, now), nil
		}
	case List:
		if here.isIndex {
			return within.with(here.index, now), nil
		}
	}
	return nil, errUpdatePath
}

func (m Item) with(name string, v Value) Item {
	c := maps.Clone(m)
	if v == nil {
		delete(c, name)
	} else {
		c[name] = v
	}
	return c
}

// with returns a copy of the list with an element set. An index beyond the end appends.
func (l List) with(index int, v Value) List {
	c := slices.Clone(l)
	switch {
	case index < len(c) && v == nil:
		return slices.Delete(c, index, index+1)
	case index < len(c):
		c[index] = v
		return c
	case v == nil:
		return c
	}
	return append(c, v)
}

func added(was, operand Value) (Value, error) {
	switch was := was.(type) {
	case nil:
		return operand, nil
	case Number:
		if n, ok := operand.(Number); ok {
			return was.add(n)
		}
	case Set:
		if s, ok := operand.(Set); ok && s.of == was.of {
			return was.union(s), nil
		}
	}
	return nil, errUpdateKind
}

func deleted(was, operand Value) (Value, error) {
	if was == nil {
		return nil, nil
	}
	s, ok := was.(Set)
	taken, also := operand.(Set)
	if !ok || !also || s.of != taken.of {
		return nil, errUpdateKind
	}
	if s = s.minus(taken); len(s.members) == 0 {
		return nil, nil // a set cannot be empty
	}
	return s, nil
}
