package dynamodb

// Sizes are computed as the developer guide describes in "DynamoDB item sizes and formats".
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

// itemSize returns the size of an item: the bytes of its names and values.
func itemSize(item Item) int {
	sum := 0
	for name, v := range item {
		sum += len(name) + v.size()
	}
	return sum
}

// depth returns how deeply lists and maps are nested within a value.
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
