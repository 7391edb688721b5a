package dynamodb

// assigned is the right-hand side of a SET clause. Unlike an operand of a condition, it must have a value of the
// right type.
type assigned interface {
	evaluate(Item) (Value, error)
}

type (
	arithmetic struct {
		operator    string
		left, right assigned
	}
	ifNotExists struct {
		path     path
		fallback assigned
	}
	listAppend struct{ left, right assigned }
)

func (l literal) evaluate(Item) (Value, error) { return l.Value, nil }

func (p path) evaluate(item Item) (Value, error) {
	if v := p.value(item); v != nil {
		return v, nil
	}
	return nil, errNoValue
}

func both[T Value](item Item, left, right assigned) (l, r T, err error) {
	a, err := left.evaluate(item)
	if err != nil {
		return l, r, err
	}
	b, err := right.evaluate(item)
	if err != nil {
		return l, r, err
	}
	l, ok := a.(T)
	r, also := b.(T)
	if !ok || !also {
		return l, r, errUpdateKind
	}
	return l, r, nil
}

func (a arithmetic) evaluate(item Item) (Value, error) {
	left, right, err := both[Number](item, a.left, a.right)
	if err != nil {
		return nil, err
	}
	if a.operator == "-" {
		right = right.negate()
	}
	return left.add(right)
}

func (f ifNotExists) evaluate(item Item) (Value, error) {
	if v := f.path.value(item); v != nil {
		return v, nil
	}
	return f.fallback.evaluate(item)
}

func (l listAppend) evaluate(item Item) (Value, error) {
	left, right, err := both[List](item, l.left, l.right)
	if err != nil {
		return nil, err
	}
	return append(left[:len(left):len(left)], right...), nil
}
