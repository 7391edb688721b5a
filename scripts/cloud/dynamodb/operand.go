package dynamodb

import (
	"slices"
	"strconv"
	"unicode/utf16"
)

// operand is the part of a condition that has a value: a path, a literal or a size.
type operand interface {
	value(Item) Value // nil if the item has none
}

type literal struct{ Value }

func (l literal) value(Item) Value { return l.Value }

// sizeOf is a call of the size function.
type sizeOf struct{ path path }

func (s sizeOf) value(item Item) Value { return length(s.path.value(item)) }

// length returns the result of the size function, or nil for a type that has no size.
func length(v Value) Value {
	count := 0
	switch v := v.(type) {
	case String:
		count = utf16Length(string(v))
	case Binary:
		count = len(v)
	case List:
		count = len(v)
	case Item:
		count = len(v)
	case Set:
		count = len(v.members)
	default:
		return nil
	}
	n, _ := parseNumber(strconv.Itoa(count)) // in range
	return n
}

// utf16Length returns the length of a text in UTF-16 units, which is how AWS counts it here, though everywhere else it
// counts bytes of UTF-8 (ExtendDB/extenddb#60 and #67, checked on AWS: "é𝄞" has size 3).
func utf16Length(text string) int {
	count := 0
	for _, r := range text {
		count += utf16.RuneLen(r)
	}
	return count
}

func (p *parser) operand() operand {
	t := p.peek()
	switch {
	case t.text == "(":
		return enclosed(p, p.operand)
	case t.kind == tokenValue:
		return literal{p.value()}
	case t.kind == tokenName && p.peekAfter().text == "(":
		if t.text != "size" {
			p.notHere(t.text)
			return literal{Null{}}
		}
		return p.size()
	}
	return p.path()
}

func (p *parser) size() operand {
	const name = "size"
	switch arg := arguments(p, name, 1, p.operand)[0].(type) {
	case path:
		return sizeOf{arg}
	case literal:
		if n := length(arg.Value); n != nil {
			return literal{n}
		}
		p.wrongType(name, arg.kind())
	default:
		p.wrongType(name, KindNumber) // the size of a size
	}
	return sizeOf{}
}

// functions holds the names of all functions of conditions and updates.
var functions = map[string]bool{
	"attribute_exists": true, "attribute_not_exists": true, "attribute_type": true, "begins_with": true,
	"contains": true, "size": true, "if_not_exists": true, "list_append": true,
}

// notHere fails because a function does not exist or is not allowed here.
func (p *parser) notHere(name string) {
	if functions[name] {
		p.fail("The function is not allowed to be used this way in an expression; function: %s", name)
	} else {
		p.fail("Invalid function name; function: %s", name)
	}
}

// arguments parses a function call and reads each argument with rule. It returns want arguments, all of them zero
// after a failure.
func arguments[T any](p *parser, name string, want int, rule func() T) []T {
	p.at++
	p.expect("(")
	args := []T{rule()}
	for p.take(",") {
		args = append(args, rule())
	}
	p.expect(")")
	if len(args) != want {
		p.fail("Incorrect number of operands for operator or function; operator or function: %s, number of operands: %d", name, len(args))
	}
	if p.err != nil {
		return make([]T, want)
	}
	return args
}

// operandType rejects an operand if its type is known and the function or operator does not accept it.
func (p *parser) operandType(name string, o any, allowed ...Kind) {
	kind := KindNumber
	switch o := o.(type) {
	case literal:
		kind = o.kind()
	case sizeOf:
	default:
		return // only the item can tell
	}
	if !slices.Contains(allowed, kind) {
		p.wrongType(name, kind)
	}
}

func (p *parser) wrongType(name string, kind Kind) {
	p.fail("Incorrect operand type for operator or function; operator or function: %s, operand type: %s", name, kind)
}

func (p *parser) documentPath(name string, o any) path {
	at, ok := o.(path)
	if !ok {
		p.fail("Operator or function requires a document path; operator or function: %s", name)
	}
	return at
}
