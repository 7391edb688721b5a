package codegen

import (
	"slices"
	"strings"

	"example.com/troupe/events/schema"
)

// known are the keywords that may appear. Those of the first line decide the Go type; the others describe values, or constrain
// them, which the validator checks on both sides of a channel.
var known = strings.Fields(`
	type properties required items additionalProperties enum const $ref $defs oneOf anyOf allOf
	$schema $id $comment title description examples default deprecated readOnly writeOnly contentEncoding contentMediaType discriminator
	format minLength maxLength pattern minimum maximum exclusiveMinimum exclusiveMaximum multipleOf
	minItems maxItems uniqueItems contains minContains maxContains minProperties maxProperties propertyNames
	dependentRequired if then else not`)

// instead says what to write for keywords that teams know from elsewhere.
var instead = map[string]string{
	"nullable":              `written as "type": ["string", "null"]: nullable is OpenAPI's`,
	"definitions":           "$defs, as of draft 2019-09",
	"dependencies":          "dependentRequired, as of draft 2019-09",
	"prefixItems":           "an object whose members have names",
	"additionalItems":       "an object whose members have names",
	"patternProperties":     `a map: "additionalProperties" with the values' schema, and "propertyNames" with the pattern`,
	"dependentSchemas":      `alternatives in "oneOf"`,
	"unevaluatedProperties": "left out: consumers must accept members that they don't know, so that one can be added",
	"unevaluatedItems":      "left out: it has no Go type",
	"$anchor":               "left out: refer to #/$defs/<Name>",
	"$dynamicRef":           "$ref to #/$defs/<Name>",
	"optional":              `left out: a member is optional unless "required" beside "properties" lists it`,
}

// keywords refuses keywords that would be read as nothing.
func (t *types) keywords(n node) {
	for _, name := range (node{value: map[string]any{"": n.value}}).keys("") {
		switch advice, foreign := instead[name]; {
		case foreign:
			t.refuse(n.at(name), "%s", advice)
		case name == schema.PersonalKeyword:
			if n.value[name] != true {
				t.refuse(n.at(name), "true; leave it out where nothing is personal")
			}
		case schema.NearlyPersonal(name) != "":
			t.refuse(n.at(name), "a keyword that is known%s", schema.NearlyPersonal(name))
		case strings.HasPrefix(name, "x-") || slices.Contains(known, name):
		default:
			t.refuse(n.at(name), "a keyword of JSON Schema 2020-12%s", schema.Nearest(name, known))
		}
	}
	if n.value["additionalProperties"] == false {
		t.refuse(n.at("additionalProperties"), "left out: consumers must accept members that they don't know, so that one can be added")
	}
	for _, name := range []string{"allOf", "anyOf", "oneOf"} {
		if n.has(name) && !n.constrains(name) && (name == "allOf" || n.has("type") && n.has("properties")) {
			t.refuse(n.at(name), `left out: list the members of all parts in one "properties", or refer to one definition with "$ref"`)
		}
	}
	for _, name := range []string{"then", "else"} {
		for _, member := range n.at(name).keys("properties") {
			if !n.at("properties", member).exists() {
				t.refuse(n.at(name, "properties", member), `a member in "properties" too, which its Go type is made from`)
			}
		}
	}
}

func (n node) exists() bool { return n.value != nil }

// constrains reports whether the alternatives of a keyword only constrain an object that is described beside them:
// "at least one of email and phone".
func (n node) constrains(keyword string) bool {
	if kinds, _ := n.kinds(); len(kinds) != 1 {
		return false
	}
	for _, branch := range n.list(keyword) {
		for name := range branch.value {
			if !slices.Contains([]string{"required", "not", "if", "then", "else", "description", "$comment", "dependentRequired", "pattern", "minLength", "maxLength", "minimum", "maximum"}, name) {
				return false
			}
		}
	}
	return true
}
