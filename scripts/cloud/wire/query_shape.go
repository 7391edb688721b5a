package wire

import (
	"reflect"
	"strings"
	"sync"
)

// queryField describes a struct field in the query protocol.
type queryField struct {
	index      []int
	name       string // of the parameter or XML element
	member     string // name of the struct field
	item       string // the part between the name and the number: "member", "entry" or "" if flat
	key, value string // for the entries of a map
}

var queryShapes sync.Map // of reflect.Type → []queryField

func queryFields(t reflect.Type) []queryField {
	if known, ok := queryShapes.Load(t); ok {
		return known.([]queryField)
	}
	var fields []queryField
	for _, f := range reflect.VisibleFields(t) {
		if f.IsExported() && !f.Anonymous {
			fields = append(fields, newQueryField(f))
		}
	}
	queryShapes.Store(t, fields)
	return fields
}

// newQueryField parses a tag: Name, Name.N, Name.item.N or Name.item.N.Key=Value.
func newQueryField(f reflect.StructField) queryField {
	field := queryField{index: f.Index, name: f.Name, member: f.Name, key: "key", value: "value"}
	switch f.Type.Kind() {
	case reflect.Map:
		field.item = "entry"
	case reflect.Slice:
		field.item = "member"
	}
	tag, tagged := f.Tag.Lookup("query")
	if !tagged {
		return field
	}
	path, entry, repeated := strings.Cut(tag, ".N")
	name, item, _ := strings.Cut(path, ".")
	field.name = name
	if repeated {
		field.item = item
	}
	if key, value, ok := strings.Cut(strings.TrimPrefix(entry, "."), "="); ok {
		field.key, field.value = key, value
	}
	return field
}
