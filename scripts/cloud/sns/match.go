package sns

import (
	"fmt"
	"strings"
)

// mismatch describes the first field that does not match, and its value. It returns "" if all fields match.
func (f *filter) mismatch(object map[string]any, path string) string {
	for _, field := range f.fields {
		if why := field.mismatch(object, path); why != "" {
			return why
		}
	}
	for _, alternatives := range f.alternatives {
		var whys []string
		for _, alternative := range alternatives {
			why := alternative.mismatch(object, path)
			if why == "" {
				whys = nil
				break
			}
			whys = append(whys, why)
		}
		if whys != nil {
			return strings.Join(whys, ", and ")
		}
	}
	return ""
}

func (f *field) mismatch(object map[string]any, path string) string {
	path += f.name
	value, present := object[f.name]
	if f.nested != nil {
		return f.nested.mismatchAny(value, path+".")
	}
	values := flatten(value, nil)
	if _, isObject := value.(map[string]any); isObject {
		values, present = nil, false // conditions apply to leaves only
	}
	for _, c := range f.conditions {
		if c.holds(values, present) {
			return ""
		}
	}
	if !present {
		return fmt.Sprintf("%s is absent, wanted %s", path, f.text)
	}
	return fmt.Sprintf("%s is %s, wanted %s", path, encode(value), f.text)
}

// mismatchAny returns "" if one object among the values matches as a whole.
func (f *filter) mismatchAny(value any, path string) string {
	candidates := flatten(value, nil)
	if len(candidates) == 0 {
		candidates = []any{nil} // an empty list has no value, which a condition may ask for
	}
	why := ""
	for _, candidate := range candidates {
		object, _ := candidate.(map[string]any)
		if why = f.mismatch(object, path); why == "" {
			return ""
		}
	}
	return why
}

// flatten returns the values in an array and in the arrays nested in it.
func flatten(value any, into []any) []any {
	list, isList := value.([]any)
	if !isList {
		return append(into, value)
	}
	for _, element := range list {
		into = flatten(element, into)
	}
	return into
}
