package contracts

import (
	"maps"
	"math/big"
	"slices"
	"strings"
)

// limits compares the keywords that set a lower or an upper limit.
func (c *comparer) limits(before, after map[string]any, at spot) {
	for _, keyword := range []string{"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains", "maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains"} {
		was, is := rational(before[keyword]), rational(after[keyword])
		upper := strings.Contains(strings.ToLower(keyword), "max")
		switch {
		case was == nil && is == nil || was != nil && is != nil && was.Cmp(is) == 0:
		case was == nil:
			c.say(at.in(keyword), narrower, "leave the limit to the producer's code", "has the %s %v now", keyword, after[keyword])
		case is == nil:
			c.say(at.in(keyword), wider, "", "has no %s any more", keyword)
		case upper == (is.Cmp(was) > 0):
			c.say(at.in(keyword), wider, "", "has the %s %v, and had %v", keyword, after[keyword], before[keyword])
		default:
			c.say(at.in(keyword), narrower, "leave the limit to the producer's code", "has the %s %v, and had %v", keyword, after[keyword], before[keyword])
		}
	}
	if was, is := before["uniqueItems"] == true, after["uniqueItems"] == true; was != is {
		d := wider
		if is {
			d = narrower
		}
		c.say(at.in("uniqueItems"), d, "", "has items of which two may be the same: %t, and had: %t", !is, !was)
	}
	was, is := rational(before["multipleOf"]), rational(after["multipleOf"])
	switch {
	case was == nil && is == nil || was != nil && is != nil && was.Cmp(is) == 0:
	case was == nil || is != nil && new(big.Rat).Quo(is, was).IsInt():
		c.say(at.in("multipleOf"), narrower, "", "is a multiple of %v now", after["multipleOf"])
	case is == nil || new(big.Rat).Quo(was, is).IsInt():
		c.say(at.in("multipleOf"), wider, "", "is no multiple of %v any more", before["multipleOf"])
	default:
		c.say(at.in("multipleOf"), either, "", "is a multiple of %v, and was of %v", after["multipleOf"], before["multipleOf"])
	}
}

// asserted are the formats that the validator checks; others only describe.
var asserted = strings.Fields("date-time date time duration email idn-email hostname idn-hostname ipv4 ipv6 uri uri-reference iri iri-reference uuid uri-template json-pointer relative-json-pointer regex period semver")

// constraints compares keywords whose effect can't be derived from their text. If both versions have one, and they differ,
// there are mostly values that only the one and values that only the other accepts.
func (c *comparer) constraints(before, after map[string]any, at spot) {
	for _, keyword := range []string{"pattern", "format", "contains", "propertyNames", "not", "dependentRequired", "dependentSchemas", "allOf", "prefixItems", "patternProperties", "unevaluatedProperties"} {
		was, is := before[keyword], after[keyword]
		if keyword == "format" {
			was, is = onlyAsserted(was), onlyAsserted(is)
		}
		c.constraint(keyword, was, is, at)
	}
	c.constraint("if", condition(before), condition(after), at)
	for _, keyword := range []string{"oneOf", "anyOf"} {
		if before["properties"] != nil || after["properties"] != nil { // beside members, alternatives only constrain
			c.constraint(keyword, before[keyword], after[keyword], at)
		}
	}
}

func onlyAsserted(format any) any {
	name, _ := format.(string)
	if slices.Contains(asserted, name) {
		return name
	}
	return nil
}

// condition returns the parts of a condition as one value.
func condition(s map[string]any) any {
	if s["if"] == nil {
		return nil
	}
	return []any{s["if"], s["then"], s["else"]}
}

func (c *comparer) constraint(keyword string, was, is any, at spot) {
	switch {
	case same(was, is):
	case was == nil:
		c.say(at.in(keyword), narrower, "leave the constraint to the producer's code", "is constrained by %s now", keyword)
	case is == nil:
		c.say(at.in(keyword), wider, "", "is constrained by %s no more", keyword)
	default:
		c.say(at.in(keyword), either, "", "has another %s", keyword)
	}
}

// properties compares the members of an object.
func (c *comparer) properties(before, after map[string]any, at spot) {
	was, is := object(before["properties"]), object(after["properties"])
	names := slices.Concat(slices.Collect(maps.Keys(was)), slices.Collect(maps.Keys(is)), required(before), required(after))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		_, known := was[name]
		_, stays := is[name]
		needed, needs := slices.Contains(required(before), name), slices.Contains(required(after), name)
		here := at.member(name)
		if known && stays {
			c.schemas(object(was[name]), object(is[name]), here)
		}
		switch {
		case !known && stays && needs:
			c.say(here, c.also(narrower, before), "leave it optional", "is new, and required: old events don't have it")
		case !known && stays:
			c.say(here, c.also(harmless, before), "", "is a new optional member")
		case known && !stays && needed:
			c.say(at.in("properties"), wider, "keep it", "is gone, and old consumers require it")
			c.gone(name)
		case known && !stays:
			c.say(at.in("properties"), closing(after), "keep it", "is gone; it was optional")
			c.gone(name)
		case needed && !needs:
			c.say(here, wider, "leave it required", "is optional now, and old consumers require it")
		case needs && !needed:
			c.say(here, narrower, "leave it optional", "is required now, and old events may not have it")
		}
	}
}

func (c *comparer) gone(name string) {
	last := &c.changes[len(c.changes)-1]
	last.Removed, last.Members = true, append(slices.Clone(last.Members), name)
}

// also widens a direction where the old schema of an object is closed: it refuses members that it doesn't know.
func (c *comparer) also(d direction, before map[string]any) direction {
	if before["additionalProperties"] != false {
		return d
	}
	return d | wider
}

func closing(after map[string]any) direction {
	if after["additionalProperties"] == false {
		return narrower
	}
	return harmless
}

func required(s map[string]any) (names []string) {
	list, _ := s["required"].([]any)
	for _, name := range list {
		if text, is := name.(string); is {
			names = append(names, text)
		}
	}
	return names
}

// others compares what an object may have beside its members, which are the values of a map.
func (c *comparer) others(before, after map[string]any, at spot) {
	was, is := before["additionalProperties"], after["additionalProperties"]
	switch {
	case (was == false) != (is == false) && before["properties"] != nil && after["properties"] != nil:
		c.say(at, harmless, "", "is open to other members: %t", is != false) // what that means for a member is said there
	case was == false && is != false:
		c.say(at, wider, "", "may have members now that old consumers refuse")
	case was != false && is == false:
		c.say(at, narrower, "leave it open", "may have no other members now")
	case object(was) != nil && object(is) != nil:
		c.schemas(object(was), object(is), spot{at.place + "/additionalProperties", append(slices.Clone(at.members), "{}")})
	case object(is) != nil:
		c.constraint("additionalProperties", nil, is, at)
	case object(was) != nil:
		c.constraint("additionalProperties", was, nil, at)
	}
}

// alternatives compares the branches of oneOf and anyOf, which the constants in them tell apart.
func (c *comparer) alternatives(before, after map[string]any, at spot) {
	if before["properties"] != nil || after["properties"] != nil {
		return
	}
	keyword, was := branches(c.old, before)
	other, is := branches(c.new, after)
	if keyword != other || was == nil || is == nil { // one of them has none, or some that nothing tells apart
		for _, keyword := range []string{"oneOf", "anyOf"} {
			c.constraint(keyword, before[keyword], after[keyword], at)
		}
		return
	}
	for name, branch := range is {
		if was[name] == nil {
			c.say(at, wider, "", "has a new alternative, %s, which old consumers don't know", name)
		} else {
			c.schemas(was[name], branch, spot{at.place, append(slices.Clone(at.members), "("+name+")")})
		}
	}
	for name := range was {
		if is[name] == nil {
			c.say(at, narrower, "keep it, and publish it no more", "has no alternative %s any more", name)
		}
	}
}

// branches returns alternatives by what tells them apart, the constants of their members or their types, or nil if
// nothing does.
func branches(document, s map[string]any) (keyword string, branches map[string]map[string]any) {
	for _, keyword := range []string{"oneOf", "anyOf"} {
		list, is := s[keyword].([]any)
		if !is {
			continue
		}
		branches := map[string]map[string]any{}
		for _, branch := range list {
			var tags []string
			of := plain(document, object(branch))
			for member, schema := range object(of["properties"]) {
				if value, is := plain(document, object(schema))["const"]; is {
					tags = append(tags, member+" "+texts([]any{value}))
				}
			}
			slices.Sort(tags)
			name := strings.Join(tags, " and ")
			if name == "" {
				name = strings.Join(kindsOf(of), " or ")
			}
			if branches[name] != nil {
				return keyword, nil
			}
			branches[name] = object(branch)
		}
		return keyword, branches
	}
	return "", nil
}
