package manifest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"example.com/troupe/events/schema"
)

// operators are those of event patterns and of SNS's filter policies. $or stands in place of a member's name.
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
var operators = []string{"prefix", "suffix", "equals-ignore-case", "wildcard", "cidr", "numeric", "exists", "anything-but"}

// matcher checks one of the values and matchers for a member.
func (w *where) matcher(matcher any, shapes []map[string]any, present bool, place string) {
	operator, isOperator := matcher.(map[string]any)
	if !isOperator {
		w.value(matcher, shapes, place)
		return
	}
	for name, argument := range operator {
		at := place + "/" + name
		switch name {
		case "prefix", "suffix", "equals-ignore-case", "wildcard", "cidr":
			w.text(name, argument, shapes, at)
		case "numeric":
			w.numeric(argument, shapes, at)
		case "exists":
			w.exists(argument, shapes, present, at)
		case "anything-but":
			w.anythingBut(argument, shapes, at)
		default:
			w.refuse(at, "one of %s%s", strings.Join(operators, ", "), schema.Nearest(name, operators))
		}
	}
}

// value checks a value that a member must have.
func (w *where) value(value any, shapes []map[string]any, place string) {
	document, err := json.Marshal(value)
	if err != nil {
		return
	}
	var expected []string
	for _, shape := range shapes {
		alone := map[string]any{"$defs": w.document["$defs"], "allOf": []any{shape}}
		if alone["$defs"] == nil {
			delete(alone, "$defs")
		}
		text, err := json.Marshal(alone)
		if err != nil {
			return
		}
		compiled, err := schema.Compile(w.event, text)
		if err != nil {
			return // generate refuses the schema
		}
		violations := compiled.Check(document)
		if len(violations) == 0 {
			return
		}
		if !slices.Contains(expected, violations[0].Expected) {
			expected = append(expected, violations[0].Expected)
		}
	}
	w.refuse(place, "%s: no valid %s has this value%s", strings.Join(expected, ", or "), w.event, w.nearest(value, shapes))
}

func (w *where) nearest(value any, shapes []map[string]any) string {
	var known []string
	for _, shape := range shapes {
		for _, v := range listed(shape) {
			known = append(known, fmt.Sprint(v))
		}
	}
	return schema.Nearest(fmt.Sprint(value), known)
}

// possible reports whether a value that fits may occur: one of those listed, or any of the kinds where none is.
func possible(shapes []map[string]any, fits func(value any) bool, kinds ...string) bool {
	return slices.ContainsFunc(shapes, func(shape map[string]any) bool {
		if values := listed(shape); values != nil {
			return slices.ContainsFunc(values, fits)
		}
		return permits(shape, kinds...)
	})
}

// text checks a matcher of text.
func (w *where) text(name string, argument any, shapes []map[string]any, place string) {
	fits, valid := fitting(name, argument)
	if !valid {
		w.refuse(place, `a text, or for prefix and suffix {"equals-ignore-case": text}`)
	} else if !possible(shapes, func(v any) bool { text, is := v.(string); return is && fits(text) }, "string") {
		w.refuse(place, "left out or changed: it matches no value that a valid %s has there%s", w.event, values(shapes))
	}
}

func values(shapes []map[string]any) string {
	var known []string
	for _, shape := range shapes {
		if listed(shape) == nil && shape["type"] != nil {
			known = append(known, fmt.Sprint(shape["type"]))
		}
		for _, v := range listed(shape) {
			known = append(known, fmt.Sprint(v))
		}
	}
	if known == nil {
		return ""
	}
	return ": " + strings.Join(known, ", ")
}

// fitting returns whether a text matches.
func fitting(name string, argument any) (fits func(string) bool, valid bool) {
	fold := func(s string) string { return s }
	if object, is := argument.(map[string]any); is && (name == "prefix" || name == "suffix") && len(object) == 1 {
		argument, fold = object["equals-ignore-case"], strings.ToLower
	}
	text, is := argument.(string)
	if !is {
		return nil, false
	}
	switch name {
	case "prefix":
		return func(s string) bool { return strings.HasPrefix(fold(s), fold(text)) }, true
	case "suffix":
		return func(s string) bool { return strings.HasSuffix(fold(s), fold(text)) }, true
	case "equals-ignore-case":
		return func(s string) bool { return strings.EqualFold(s, text) }, true
	case "wildcard":
		parts := strings.Split(text, "*")
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		return regexp.MustCompile("(?s)^" + strings.Join(parts, ".*") + "$").MatchString, true
	}
	return func(string) bool { return true }, true // cidr: whether a text is an address is seen at run time
}

// exists checks a matcher of presence, which looks at members that are no objects only.
func (w *where) exists(argument any, shapes []map[string]any, present bool, place string) {
	switch want, is := argument.(bool); {
	case !is:
		w.refuse(place, "true or false")
	case !want && present:
		w.refuse(place, "true or left out: every valid %s has this member", w.event)
	case !slices.ContainsFunc(shapes, func(s map[string]any) bool { return s["properties"] == nil }):
		w.refuse(place, "in a member of this object: exists matches no objects")
	}
}

// anythingBut checks the values that a member must not have: they would exclude nothing.
func (w *where) anythingBut(argument any, shapes []map[string]any, place string) {
	switch excluded := argument.(type) {
	case map[string]any:
		w.matcher(excluded, shapes, false, place)
	case []any:
		for i, value := range excluded {
			w.value(value, shapes, fmt.Sprintf("%s/%d", place, i))
		}
		if !possible(shapes, func(v any) bool { return !slices.Contains(excluded, v) }, "string", "number", "integer", "boolean", "null", "object") {
			w.refuse(place, "shorter: it excludes every value that a valid %s has there", w.event)
		}
	default:
		w.value(argument, shapes, place)
	}
}

// numeric checks a matcher of numbers: [">", 0, "<=", 5].
func (w *where) numeric(argument any, shapes []map[string]any, place string) {
	parts, _ := argument.([]any)
	least, most := bound{}, bound{}
	for i := 0; i+1 < len(parts); i += 2 {
		number, is := parts[i+1].(json.Number)
		limit, err := number.Float64()
		if !is || err != nil {
			parts = nil
			break
		}
		switch parts[i] {
		case ">", ">=":
			least = bound{limit, parts[i] == ">", true}
		case "<", "<=":
			most = bound{limit, parts[i] == "<", true}
		case "=":
			least, most = bound{limit, false, true}, bound{limit, false, true}
		default:
			parts = nil
		}
	}
	if len(parts) == 0 || len(parts)%2 != 0 {
		w.refuse(place, `a list such as [">", 0] or [">=", 0, "<", 5]`)
		return
	}
	within := func(v any) bool {
		number, is := v.(json.Number)
		value, err := number.Float64()
		return is && err == nil && !empty(least, bound{value, false, true}) && !empty(bound{value, false, true}, most)
	}
	if empty(least, most) || !slices.ContainsFunc(shapes, func(s map[string]any) bool {
		return possible([]map[string]any{s}, within, "number", "integer") && overlaps(s, least, most)
	}) {
		w.refuse(place, "left out or changed: no valid %s has such a number there%s", w.event, values(shapes))
	}
}

// bound is an end of a range of numbers; the zero value is none.
type bound struct {
	at           float64
	open, exists bool
}

// empty reports whether no number lies between two bounds.
func empty(least, most bound) bool {
	return least.exists && most.exists && (least.at > most.at || least.at == most.at && (least.open || most.open))
}

// overlaps reports whether a schema's own range has a part in common with another.
func overlaps(shape map[string]any, least, most bound) bool {
	for keyword, outside := range map[string]func(bound) bool{
		"minimum": func(b bound) bool { return empty(b, most) }, "exclusiveMinimum": func(b bound) bool { b.open = true; return empty(b, most) },
		"maximum": func(b bound) bool { return empty(least, b) }, "exclusiveMaximum": func(b bound) bool { b.open = true; return empty(least, b) },
	} {
		number, is := shape[keyword].(json.Number)
		if limit, err := number.Float64(); is && err == nil && outside(bound{limit, false, true}) {
			return false
		}
	}
	return true
}
