package dynamodb

import (
	"maps"
	"slices"
	"strings"
)

// Kind is the type of an attribute value, as JSON names it.
type Kind string

// The kinds of attribute values.
const (
	KindString    Kind = "S"
	KindNumber    Kind = "N"
	KindBinary    Kind = "B"
	KindBool      Kind = "BOOL"
	KindNull      Kind = "NULL"
	KindMap       Kind = "M"
	KindList      Kind = "L"
	KindStringSet Kind = "SS"
	KindNumberSet Kind = "NS"
	KindBinarySet Kind = "BS"
)

// Value is an attribute value: String, Number, Binary, Bool, Null, Item (a map), List or Set. Values never change, so
// they can be shared freely.
type Value interface {
	kind() Kind
	size() int
}

// Item is an item's attributes, or a map within an item.
type Item map[string]Value

// The other kinds of values.
type (
	String string
	Binary string
	Bool   bool
	Null   struct{}
	List   []Value
	Set    struct {
		of      Kind    // KindStringSet, KindNumberSet or KindBinarySet
		members []Value // distinct, sorted
	}
)

func (String) kind() Kind { return KindString }
func (Number) kind() Kind { return KindNumber }
func (Binary) kind() Kind { return KindBinary }
func (Bool) kind() Kind   { return KindBool }
func (Null) kind() Kind   { return KindNull }
func (Item) kind() Kind   { return KindMap }
func (List) kind() Kind   { return KindList }
func (s Set) kind() Kind  { return s.of }

// compare compares two values of the same ordered type. For any others, ok is false.
func compare(a, b Value) (order int, ok bool) {
	switch a := a.(type) {
	case String:
		b, ok := b.(String)
		return strings.Compare(string(a), string(b)), ok
	case Number:
		b, ok := b.(Number)
		return a.compare(b), ok
	case Binary:
		b, ok := b.(Binary)
		return strings.Compare(string(a), string(b)), ok
	}
	return 0, false
}

func equal(a, b Value) bool {
	switch a := a.(type) {
	case Item:
		b, ok := b.(Item)
		return ok && maps.EqualFunc(a, b, equal)
	case List:
		b, ok := b.(List)
		return ok && slices.EqualFunc(a, b, equal)
	case Set:
		b, ok := b.(Set)
		return ok && a.of == b.of && slices.EqualFunc(a.members, b.members, equal)
	}
	return a.kind() == b.kind() && a == b
}
