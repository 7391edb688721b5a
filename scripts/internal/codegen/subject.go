package codegen

import (
	"fmt"
	"slices"
	"strings"

	"example.com/troupe/events/schema"
)

// subject returns the expression of an event's subject. It refuses one that isn't a text which every event has.
func (t *types) subject(root node, e schema.Event) string {
	if strings.HasPrefix(e.Subject, "/") {
		return t.deeper(root, e)
	}
	texts := t.texts(root)
	if !slices.Contains(texts, e.Subject) {
		t.refuse(root.at("x-event", "subject"), "a required text member: %s", either(texts, "this event has none"))
		return ""
	}
	if !t.impersonal(root.at("properties", e.Subject)) {
		return ""
	}
	field := "e." + eventField(e.Subject)
	if t.typeOf(root.at("properties", e.Subject), e.Title+FieldName(e.Subject)).name != "string" {
		return "string(" + field + ")"
	}
	return field
}

// impersonal refuses a subject that is marked as personal data.
func (t *types) impersonal(member node) bool {
	if member.has(schema.PersonalKeyword) || t.follow(member).has(schema.PersonalKeyword) {
		t.refuse(member, "without %s, since it is the subject: metadata is shown everywhere; take an ID that tells strangers nothing", schema.PersonalKeyword)
		return false
	}
	return true
}

// texts returns the members of an object that are a text in every event.
func (t *types) texts(object node) (texts []string) {
	for _, name := range object.keys("properties") {
		member := t.follow(object.at("properties", name))
		if kind, _ := member.value["type"].(string); object.requires(name) && kind == "string" && member.value["format"] != "date-time" {
			texts = append(texts, name)
		}
	}
	return texts
}

// deeper returns the expression of a subject that is a JSON pointer: required objects, and in the last one a text.
func (t *types) deeper(root node, e schema.Event) string {
	at, path := root, "e"
	tokens := strings.Split(e.Subject[1:], "/")
	for i, token := range tokens {
		token = strings.NewReplacer("~1", "/", "~0", "~").Replace(token)
		member := t.follow(at.at("properties", token))
		field := FieldName(token)
		if i == 0 {
			field = eventField(token)
		}
		path += "." + field
		last := i == len(tokens)-1
		if last && slices.Contains(t.texts(at), token) {
			if !t.impersonal(at.at("properties", token)) {
				return ""
			}
			if member.has("enum") {
				return fmt.Sprintf("string(%s)", path)
			}
			return path
		}
		if last || !at.requires(token) || !t.object(member) {
			t.refuse(root.at("x-event", "subject"), "a pointer through required objects to a required text: /%s is none, beside %s",
				strings.Join(tokens[:i+1], "/"), either(t.texts(at), "no text"))
			return ""
		}
		at = member
	}
	return ""
}
