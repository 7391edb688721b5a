package dynamodb

// Sizes are counted as the developer guide says in "DynamoDB item sizes and formats".
const (
	containerOverhead = 3 // of a list or map
	elementOverhead   = 1 // of each of its elements
)

func (s String) size() int { return len(s) }
func (b Binary) size() int { return len(b) }
func (Bool) size() int     { return 1 }
func (Null) size() int     { return 1 }

func (m Item) size() int {
	return containerOverhead + itemSize(m) + elementOverhead*len(m)
}

func (l List) size() int { return containerOverhead + total(l) + elementOverhead*len(l) }
func (s Set) size() int  { return total(s.members) }

func total(values []Value) int {
	sum := 0
	for _, v := range values {
		sum += v.size()
	}
	return sum
}

// itemSize is the size of a whole item: its names and values.
func itemSize(item Item) int {
	sum := 0
	for name, v := range item {
		sum += len(name) + v.size()
	}
	return sum
}

// depth is how deep lists and maps nest within a value.
func depth(v Value) int {
	deepest := 0
	switch v := v.(type) {
	case Item:
		for _, inner := range v {
			deepest = max(deepest, 1+depth(inner))
		}
	case List:
		for _, inner := range v {
			deepest = max(deepest, 1+depth(inner))
		}
	}
	return deepest
}
