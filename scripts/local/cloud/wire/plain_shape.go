package wire

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strings"
	"sync"
)

// plainKind is how a type is read.
type plainKind int

const (
	notPlain plainKind = iota
	plainText
	plainWhole
	plainTruth
	plainBytes
	plainPointer
	plainList
	plainMap
	plainObject
	plainItself
)

var plainKinds sync.Map // of reflect.Type → plainKind

func plainKindOf(t reflect.Type) plainKind {
	if known, ok := plainKinds.Load(t); ok {
		return known.(plainKind)
	}
	kind := newPlainKind(t)
	plainKinds.Store(t, kind)
	return kind
}

func newPlainKind(t reflect.Type) plainKind {
	switch pointer := reflect.PointerTo(t); {
	case pointer.Implements(reflect.TypeFor[PlainReader]()):
		return plainItself
	case pointer.Implements(reflect.TypeFor[json.Unmarshaler]()), pointer.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()),
		t == reflect.TypeFor[json.Number]():
		return notPlain
	}
	switch t.Kind() {
	case reflect.String:
		return plainText
	case reflect.Int, reflect.Int32, reflect.Int64:
		return plainWhole
	case reflect.Bool:
		return plainTruth
	case reflect.Pointer:
		return plainPointer
	case reflect.Struct:
		return plainObject
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return plainBytes
		}
		return plainList
	case reflect.Map:
		if plainKindOf(t.Key()) == plainText {
			return plainMap
		}
	}
	return notPlain
}

var plainShapes sync.Map // of reflect.Type → map[string][]int

// plainFields returns the places of a struct's fields by the names of their members. It is empty where a struct makes use of
// more than that.
func plainFields(t reflect.Type) map[string][]int {
	if known, ok := plainShapes.Load(t); ok {
		return known.(map[string][]int)
	}
	fields := map[string][]int{}
	for _, f := range reflect.VisibleFields(t) {
		tag, tagged := f.Tag.Lookup("json")
		if f.Anonymous && f.Type.Kind() == reflect.Struct && !tagged || !f.IsExported() || tag == "-" {
			continue // an embedded struct's fields come by themselves
		}
		name, option, _ := strings.Cut(tag, ",")
		if name == "" {
			name = f.Name
		}
		if _, twice := fields[name]; twice || f.Anonymous || option != "" && option != "omitempty" && option != "omitzero" {
			fields = nil
			break
		}
		fields[name] = f.Index
	}
	plainShapes.Store(t, fields)
	return fields
}
