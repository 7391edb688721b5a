package wire

import "reflect"

func (p *plain) list(v reflect.Value) bool {
	v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	return p.between('[', ']', func() bool {
		n := v.Len()
		v.Grow(1)
		v.SetLen(n + 1)
		return p.value(v.Index(n))
	})
}

func (p *plain) entries(v reflect.Value) bool {
	v.Set(reflect.MakeMap(v.Type()))
	return p.between('{', '}', func() bool {
		key, ok := p.text()
		element := reflect.New(v.Type().Elem()).Elem()
		if !ok || !p.take(':') || !p.value(element) {
			return false
		}
		v.SetMapIndex(reflect.ValueOf(key).Convert(v.Type().Key()), element)
		return true
	})
}

func (p *plain) object(v reflect.Value) bool {
	fields := plainFields(v.Type())
	return p.between('{', '}', func() bool {
		name, _, ok := p.quoted()
		if !ok || !p.take(':') {
			return false
		}
		index, known := fields[string(name)] // an escaped name is none of them
		if !known {
			return false
		}
		field := v.FieldByIndex(index)
		return field.IsZero() && p.value(field)
	})
}
