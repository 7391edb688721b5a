package dynamodb

// projection is a projection expression: the attributes to return. A nil projection returns all of them.
type projection []path

func (p *parser) projection() projection {
	paths := projection{p.path()}
	for p.take(",") {
		paths = append(paths, p.path())
	}
	p.distinct(paths)
	return paths
}

// of returns the parts of an item at the paths, within maps and lists as in the item. List elements keep their order
// and move together.
func (p projection) of(item Item) Item {
	if p == nil || item == nil {
		return item
	}
	kept, _ := keep(item, p).(Item)
	if kept == nil {
		return Item{}
	}
	return kept
}

// keep returns what the paths find within a value, or nil if they find nothing.
func keep(v Value, paths []path) Value {
	below := map[step][]path{}
	for _, at := range paths {
		if len(at) == 0 {
			return v
		}
		below[at[0]] = append(below[at[0]], at[1:])
	}
	switch v := v.(type) {
	case Item:
		return keepNames(v, below)
	case List:
		return keepIndexes(v, below)
	}
	return nil
}

func keepNames(m Item, below map[step][]path) Value {
	kept := Item{}
	for s, rest := range below {
		if found := s.value(m); found != nil {
			if part := keep(found, rest); part != nil {
				kept[s.name] = part
			}
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return kept
}

func keepIndexes(l List, below map[step][]path) Value {
	var kept List
	for i, element := range l {
		if rest, ok := below[step{index: i, isIndex: true}]; ok {
			if part := keep(element, rest); part != nil {
				kept = append(kept, part)
			}
		}
	}
	if kept == nil {
		return nil
	}
	return kept
}
