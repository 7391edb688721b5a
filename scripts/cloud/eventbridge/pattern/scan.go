package pattern

import "errors"

// ErrEvent is the error for an event that isn't a JSON object.
var ErrEvent = errors.New("the event is not a JSON object")

// maxEventDepth limits the nesting of an event (API reference of PutEvents).
const maxEventDepth = 1100

// event holds what a set's patterns use of an event: the values at their paths.
type event struct {
	set      *Set
	raw      []byte
	at       int
	values   [][]value // by field number
	present  []int32   // the fields that have values
	elements []element
	arrays   int32
	key      []byte    // scratch space for appendKey
	judged   []fitness // results of the conditions
	dirty    []int32   // the conditions that have a result
}

// element is an object in an array. parent is the element that contains the array, or outside.
type element struct{ parent, array, index int32 }

// scan reads the event's values. It skips what no pattern uses.
func (e *event) scan() error {
	e.space()
	if e.peek() != '{' {
		return ErrEvent
	}
	if err := e.object(&e.set.paths, 0, outside); err != nil {
		return err
	}
	if e.space(); e.at != len(e.raw) {
		return ErrEvent
	}
	return nil
}

func (e *event) peek() byte {
	if e.at < len(e.raw) {
		return e.raw[e.at]
	}
	return 0
}

func (e *event) space() {
	for e.at < len(e.raw) && (e.raw[e.at] == ' ' || e.raw[e.at] == '\n' || e.raw[e.at] == '\t' || e.raw[e.at] == '\r') {
		e.at++
	}
}

// take consumes c and the white space around it, or returns false.
func (e *event) take(c byte) bool {
	e.space()
	if e.peek() != c {
		return false
	}
	e.at++
	e.space()
	return true
}

// object reads an object whose path has node n.
func (e *event) object(n *node, depth int, in int32) error {
	if depth > maxEventDepth || !e.take('{') {
		return ErrEvent
	}
	if e.take('}') {
		return nil
	}
	for {
		name, err := e.string()
		if err != nil || !e.take(':') {
			return ErrEvent
		}
		if err := e.value(n.find(name), depth, in); err != nil {
			return err
		}
		if e.take('}') {
			return nil
		}
		if !e.take(',') {
			return ErrEvent
		}
	}
}

// value reads the value at a node. If n is nil, it skips the value.
func (e *event) value(n *node, depth int, in int32) error {
	switch c := e.peek(); {
	case n == nil:
		return e.skip()
	case c == '{' && n.children != nil:
		return e.object(n, depth+1, in)
	case c == '[':
		return e.array(n, depth+1, in)
	case c == '{' || n.field == 0:
		return e.skip()
	}
	v, err := e.scalar()
	if err != nil {
		return err
	}
	v.element = in
	if len(e.values[n.field]) == 0 {
		e.present = append(e.present, n.field)
	}
	e.values[n.field] = append(e.values[n.field], v)
	return nil
}

// array reads an array. It numbers its objects to tell them apart.
func (e *event) array(n *node, depth int, in int32) error {
	if depth > maxEventDepth || !e.take('[') {
		return ErrEvent
	}
	if e.take(']') {
		return nil
	}
	e.arrays++
	array := e.arrays
	for index := int32(0); ; index++ {
		inner := in
		if e.peek() == '{' && n.children != nil {
			e.elements = append(e.elements, element{in, array, index})
			inner = int32(len(e.elements) - 1)
		}
		if err := e.value(n, depth, inner); err != nil {
			return err
		}
		if e.take(']') {
			return nil
		}
		if !e.take(',') {
			return ErrEvent
		}
	}
}

func (e *event) scalar() (value, error) {
	if e.peek() == '"' {
		s, err := e.string()
		return value{kind: text, text: s}, err
	}
	switch s := e.word(); string(s) {
	case "true":
		return value{kind: isTrue}, nil
	case "false":
		return value{kind: isFalse}, nil
	case "null":
		return value{kind: isNull}, nil
	default:
		if len(s) == 0 || s[0] != '-' && (s[0] < '0' || s[0] > '9') {
			return value{}, ErrEvent
		}
		return numberOf(s), nil
	}
}

// word consumes a number or a literal.
func (e *event) word() []byte {
	from := e.at
	for e.at < len(e.raw) && !endsWord(e.raw[e.at]) {
		e.at++
	}
	return e.raw[from:e.at]
}

func endsWord(c byte) bool {
	switch c {
	case ' ', '\t', '\r', '\n', ',', ']', '}', ':', '"', '{', '[':
		return true
	}
	return false
}

// string consumes a string with its quotation marks and returns its content.
func (e *event) string() ([]byte, error) {
	if e.peek() != '"' {
		return nil, ErrEvent
	}
	from := e.at + 1
	escaped, err := e.skipString()
	if err != nil {
		return nil, err
	}
	s := e.raw[from : e.at-1]
	if escaped {
		return unescape(s), nil
	}
	return s, nil
}

// skipString skips a string.
func (e *event) skipString() (escaped bool, err error) {
	for i := e.at + 1; i < len(e.raw); i++ {
		switch e.raw[i] {
		case '"':
			e.at = i + 1
			return escaped, nil
		case '\\':
			escaped = true
			i++
		}
	}
	return false, ErrEvent
}

// skip skips a value that no pattern uses.
func (e *event) skip() error {
	for depth := 0; ; {
		switch e.peek() {
		case 0:
			return ErrEvent
		case '"':
			if _, err := e.skipString(); err != nil {
				return err
			}
		case '{', '[':
			depth++
			e.at++
		case '}', ']':
			depth--
			e.at++
		case ',', ':', ' ', '\n', '\t', '\r':
			if depth == 0 {
				return ErrEvent
			}
			e.at++
		default:
			e.word()
		}
		if depth <= 0 {
			return nil
		}
	}
}
