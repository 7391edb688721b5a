package wire

import (
	"encoding/base64"
	"reflect"
	"slices"
	"strconv"
)

// decodeInto decodes the children of n into the struct that in points to.
func (n *queryNode) decodeInto(in any) error { return n.decodeStruct(reflect.ValueOf(in).Elem()) }

func (n *queryNode) decodeStruct(v reflect.Value) error {
	if n.value != "" {
		return n.malformed("a structure")
	}
	taken := 0
	for _, field := range queryFields(v.Type()) {
		child, ok := n.children[field.name]
		if !ok {
			continue
		}
		taken++
		if err := child.decode(v.FieldByIndex(field.index), field); err != nil {
			return err
		}
	}
	if taken < len(n.children) {
		return n.unknown(queryFields(v.Type()))
	}
	return nil
}

// unknown returns an error for a child without a field. It accepts "Entries=", because botocore writes an empty flat
// list under the member's name instead of that of its elements.
func (n *queryNode) unknown(fields []queryField) error {
	for name, child := range n.children {
		takes := func(f queryField) bool { return f.name == name || f.member == name && child.empty() }
		if !slices.ContainsFunc(fields, takes) {
			return Errorf("InvalidQueryParameter", "the operation has no parameter %.200s", child.path())
		}
	}
	return nil
}

func (n *queryNode) empty() bool { return n.value == "" && len(n.children) == 0 }

func (n *queryNode) decode(v reflect.Value, field queryField) error {
	switch {
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return n.decode(v.Elem(), field)
	case v.Kind() == reflect.Struct:
		return n.decodeStruct(v)
	case v.Kind() == reflect.Map:
		return n.decodeMap(v, field)
	case v.Kind() == reflect.Slice && !isBytes(v):
		return n.decodeList(v, field)
	case len(n.children) > 0:
		return n.malformed("a single value")
	default:
		return n.decodeScalar(v)
	}
}

func isBytes(v reflect.Value) bool {
	return v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8
}

func (n *queryNode) decodeList(v reflect.Value, field queryField) error {
	items, err := n.items(field)
	if err != nil {
		return err
	}
	v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	for i, item := range items {
		if err := item.decode(v.Index(i), queryField{}); err != nil {
			return err
		}
	}
	return nil
}

func (n *queryNode) decodeMap(v reflect.Value, field queryField) error {
	items, err := n.items(field)
	if err != nil {
		return err
	}
	v.Set(reflect.MakeMapWithSize(v.Type(), len(items)))
	for _, item := range items {
		key, value := item.children[field.key], item.children[field.value]
		if key == nil || value == nil || len(item.children) != 2 {
			return item.malformed("an entry of ." + field.key + " and ." + field.value)
		}
		element := reflect.New(v.Type().Elem()).Elem()
		if err := value.decode(element, queryField{}); err != nil {
			return err
		}
		name := reflect.ValueOf(key.value).Convert(v.Type().Key())
		if v.MapIndex(name).IsValid() {
			return item.malformed("the only entry of ." + field.key + " " + key.value)
		}
		v.SetMapIndex(name, element)
	}
	return nil
}

func (n *queryNode) decodeScalar(v reflect.Value) error {
	switch v.Kind() {
	case reflect.String:
		v.SetString(n.value)
	case reflect.Bool:
		if n.value != "true" && n.value != "false" {
			return n.malformed("true or false")
		}
		v.SetBool(n.value == "true")
	case reflect.Int, reflect.Int32, reflect.Int64:
		number, err := strconv.ParseInt(n.value, 10, v.Type().Bits())
		if err != nil {
			return n.malformed("a whole number")
		}
		v.SetInt(number)
	case reflect.Slice:
		raw, err := base64.StdEncoding.DecodeString(n.value)
		if err != nil {
			return n.malformed("base64")
		}
		v.SetBytes(raw)
	default:
		return n.malformed("left out: the local cloud cannot read a " + v.Type().String())
	}
	return nil
}
