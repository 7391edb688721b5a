// Package contracts compares the schemas of events with those of another commit, and says who breaks.
//
// Two questions are asked of each change. Can old consumers read new events? A producer is deployed before its consumers,
// or a consumer isn't deployed at all. And can new consumers read old events? Queues, dead-letter queues and the archive
// hold what was published before. Both sides of a channel validate, so an event that its reader's schema refuses is a dead
// letter, whatever the reader would have made of it.
//
// A producer is taken to write only members that its schema declares. That is why a new optional member breaks nobody,
// though strictly an open schema permits anything under its name before.
package contracts

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
)

// Change is a difference between the old and the new version of a schema.
type Change struct {
	Place   string   // JSON pointer into the new schema
	Members []string // to the member that changed: "crew", "[]", "name"
	What    string   // follows the member: "is required now"
	Instead string   // what to do if it breaks somebody; "" if there is only a new version
	Removed bool     // the member is gone

	OldReaders bool // old consumers can't read new events
	NewReaders bool // new consumers can't read old events
}

// Member returns the changed member as a person writes it: crew[].name.
func (c Change) Member() string {
	name := strings.ReplaceAll(strings.ReplaceAll(strings.Join(c.Members, "."), ".[]", "[]"), ".{}", "{}")
	if name == "" {
		return "the event"
	}
	return name
}

// Breaks reports whether somebody can't read something.
func (c Change) Breaks() bool { return c.OldReaders || c.NewReaders }

// Compare returns the changes between two versions of an event's schema, which have all their definitions in them.
func Compare(before, after []byte) ([]Change, error) {
	var c comparer
	for document, into := range map[*[]byte]*map[string]any{&before: &c.old, &after: &c.new} {
		decoder := json.NewDecoder(bytes.NewReader(*document))
		decoder.UseNumber()
		if err := decoder.Decode(into); err != nil {
			return nil, err
		}
	}
	c.declaration()
	c.schemas(c.old, c.new, spot{})
	return c.changes, nil
}

type comparer struct {
	old, new map[string]any
	changes  []Change
	open     [][2]string // pairs of references that are being compared, which definitions may nest for ever
}

// spot is where two schemas stand.
type spot struct {
	place   string
	members []string
}

var escape = strings.NewReplacer("~", "~0", "/", "~1")

func (p spot) in(keyword string) spot { return spot{p.place + "/" + keyword, p.members} }

func (p spot) member(name string) spot {
	return spot{p.place + "/properties/" + escape.Replace(name), append(slices.Clone(p.members), name)}
}

// direction is whom a change concerns: what is permitted grew, shrank, or both.
type direction int

const (
	harmless direction = iota
	wider              // old consumers refuse what is permitted now
	narrower           // new consumers refuse what was permitted
	either
)

func (c *comparer) say(at spot, d direction, instead, what string, args ...any) {
	c.changes = append(c.changes, Change{
		Place: at.place, Members: at.members, What: fmt.Sprintf(what, args...), Instead: instead,
		OldReaders: d == wider || d == either, NewReaders: d == narrower || d == either,
	})
}

// declaration compares what is fixed about an event beside its data.
func (c *comparer) declaration() {
	before, _ := c.old["x-event"].(map[string]any)
	after, _ := c.new["x-event"].(map[string]any)
	for name, why := range map[string]string{
		"channel":  "subscribers of the old version wait at the old channel",
		"producer": "rules name the producer",
		"subject":  "what was handled in order or counted as one is another thing now",
	} {
		if before[name] != after[name] {
			c.say(spot{place: "/x-event/" + name}, either, "", "has the %s %v, and had %v: %s", name, after[name], before[name], why)
		}
	}
}

// schemas compares two schemas of the same value.
func (c *comparer) schemas(before, after map[string]any, at spot) {
	pair := [2]string{reference(before), reference(after)}
	if pair != [2]string{} {
		if slices.Contains(c.open, pair) {
			return
		}
		c.open = append(c.open, pair)
		defer func() { c.open = c.open[:len(c.open)-1] }()
	}
	if name := reference(after); name != "" {
		at.place = "/$defs/" + escape.Replace(name)
	}
	before, after = plain(c.old, before), plain(c.new, after)
	if !c.kinds(before, after, at) {
		return // nothing that follows would say more
	}
	c.values(before, after, at)
	c.limits(before, after, at)
	c.constraints(before, after, at)
	c.alternatives(before, after, at)
	c.properties(before, after, at)
	c.others(before, after, at)
	if before["items"] != nil || after["items"] != nil {
		c.schemas(object(before["items"]), object(after["items"]), spot{at.place + "/items", append(slices.Clone(at.members), "[]")})
	}
}

func object(value any) map[string]any {
	of, _ := value.(map[string]any)
	return of
}

func reference(s map[string]any) string {
	name, _ := s["$ref"].(string)
	return strings.TrimPrefix(name, "#/$defs/")
}

// plain returns a schema without the ways to write the same in other words: a reference is followed, a choice between a
// schema and null becomes a type that permits null, and a choice of constants becomes an enum.
func plain(document, s map[string]any) map[string]any { return plainAt(document, s, 0) }

// maxDepth is how many references and choices may be in one another.
const maxDepth = 20

func plainAt(document, s map[string]any, depth int) map[string]any {
	if depth > maxDepth {
		return nil // it is nothing but itself
	}
	for range maxDepth {
		name := reference(s)
		if name == "" {
			break
		}
		definition := object(object(document["$defs"])[name])
		merged := maps.Clone(s)
		delete(merged, "$ref")
		maps.Copy(merged, definition)
		s = merged
	}
	for _, keyword := range []string{"oneOf", "anyOf"} {
		branches, _ := s[keyword].([]any)
		rest := slices.DeleteFunc(slices.Clone(branches), func(b any) bool { return object(b)["type"] == "null" })
		rewritten := maps.Clone(s)
		delete(rewritten, keyword)
		if values := constants(rest); len(rest) > 0 && len(values) == len(rest) {
			if len(rest) < len(branches) {
				values = append(values, nil)
			}
			rewritten["enum"] = values
			return rewritten
		}
		if len(rest) != 1 || len(rest) == len(branches) {
			continue
		}
		of := plainAt(document, object(rest[0]), depth+1)
		maps.Copy(rewritten, of)
		rewritten["type"] = append(anys(kindsOf(of)), "null")
		if values := listed(of); values != nil {
			rewritten["enum"] = append(slices.Clone(values), nil)
		}
		return rewritten
	}
	return s
}

func constants(branches []any) (values []any) {
	for _, b := range branches {
		if value, is := object(b)["const"]; is {
			values = append(values, value)
		}
	}
	return values
}

func anys(texts []string) (values []any) {
	for _, text := range texts {
		values = append(values, text)
	}
	return values
}

// kinds compares types. It reports whether they have one in common.
func (c *comparer) kinds(before, after map[string]any, at spot) bool {
	was, is := kindsOf(before), kindsOf(after)
	lost, gained := without(was, is), without(is, was)
	if len(lost) == 0 && len(gained) == 0 {
		return true
	}
	d := either
	if len(lost) == 0 {
		d = wider
	} else if len(gained) == 0 {
		d = narrower
	}
	c.say(at, d, "add a member of another name beside it", "is %s, and was %s", strings.Join(is, " or "), strings.Join(was, " or "))
	return len(without(was, lost)) > 0 || len(without(is, gained)) > 0
}

// every is the types of a schema that names none.
var every = []string{"array", "boolean", "null", "number", "object", "string"}

// kindsOf returns the types that a schema permits.
func kindsOf(s map[string]any) (kinds []string) {
	switch of := s["type"].(type) {
	case string:
		return []string{of}
	case []any:
		for _, kind := range of {
			kinds = append(kinds, fmt.Sprint(kind))
		}
		slices.Sort(kinds)
		return slices.Compact(kinds)
	}
	values := listed(s)
	for _, value := range values {
		kinds = append(kinds, kindOf(value))
	}
	if values == nil {
		return every
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

func kindOf(value any) string {
	switch v := value.(type) {
	case string:
		return "string"
	case bool:
		return "boolean"
	case nil:
		return "null"
	case json.Number:
		if n, ok := new(big.Rat).SetString(v.String()); ok && n.IsInt() {
			return "integer"
		}
		return "number"
	case []any:
		return "array"
	}
	return "object"
}

// without returns the types that others don't cover: an integer is a number.
func without(kinds, others []string) (left []string) {
	for _, kind := range kinds {
		if !slices.Contains(others, kind) && (kind != "integer" || !slices.Contains(others, "number")) {
			left = append(left, kind)
		}
	}
	return left
}

// listed returns the only values that a schema permits, or nil if it lists none.
func listed(s map[string]any) []any {
	if value, is := s["const"]; is {
		return []any{value}
	}
	values, _ := s["enum"].([]any)
	return values
}

// values compares enums and constants.
func (c *comparer) values(before, after map[string]any, at spot) {
	was, is := listed(before), listed(after)
	switch {
	case was == nil && is == nil:
	case was == nil:
		c.say(at, narrower, "list the values in its description", "is one of %s, and was any", texts(is))
	case is == nil:
		c.say(at, wider, "", "is any value, and was one of %s", texts(was))
	default:
		if added := missing(is, was); len(added) > 0 {
			c.say(at, wider, "", "may be %s now, which old consumers don't know", texts(added))
		}
		if removed := missing(was, is); len(removed) > 0 {
			c.say(at, narrower, "keep the value, and publish it no more", "may not be %s any more", texts(removed))
		}
	}
}

func missing(of, from []any) (values []any) {
	for _, value := range of {
		if !slices.ContainsFunc(from, func(other any) bool { return same(value, other) }) {
			values = append(values, value)
		}
	}
	return values
}

func texts(values []any) string {
	all := make([]string, len(values))
	for i, value := range values {
		text, _ := json.Marshal(value)
		all[i] = string(text)
	}
	return strings.Join(all, ", ")
}

// same reports whether two values are the same JSON; 1 and 1.0 are.
func same(a, b any) bool {
	one, isNumber := a.(json.Number)
	other, areNumbers := b.(json.Number)
	if isNumber && areNumbers {
		return rational(one).Cmp(rational(other)) == 0
	}
	left, _ := json.Marshal(a)
	right, _ := json.Marshal(b)
	return bytes.Equal(left, right)
}

func rational(value any) *big.Rat {
	number, is := value.(json.Number)
	if !is {
		return nil
	}
	n, ok := new(big.Rat).SetString(number.String())
	if !ok {
		return nil
	}
	return n
}
