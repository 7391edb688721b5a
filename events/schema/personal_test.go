package schema_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
)

// TestHide shows documents of a contract in which all kinds of places are marked.
func TestHide(t *testing.T) {
	const marked = `{"type": "object", "properties": {
		"visitId": {"type": "string"},
		"email": {"type": ["string", "null"], "x-personal": true},
		"age": {"type": "integer", "x-personal": true},
		"home": {"type": "object", "x-personal": true, "properties": {"street": {"type": "string"}}},
		"guests": {"type": "array", "items": {"$ref": "#/$defs/Guest"}},
		"phones": {"type": "object", "additionalProperties": {"type": "string", "x-personal": true}},
		"contact": {"oneOf": [
			{"type": "object", "properties": {"by": {"const": "post"}, "to": {"type": "string", "x-personal": true}}},
			{"type": "object", "properties": {"by": {"const": "desk"}, "to": {"type": "string"}}, "required": ["by", "to", "room"]}]}
	}, "$defs": {"Guest": {"type": "object", "properties": {"seat": {"type": "integer"}, "name": {"$ref": "#/$defs/Name"}, "with": {"$ref": "#/$defs/Guest"}}},
		"Name": {"type": "string", "x-personal": true}}}`
	contract := &events.Contract{Type: "visit.booked.v1", Schema: []byte(marked)}
	for _, c := range []struct{ data, shown, values string }{
		{`{"visitId":"v-1","email":"a@b.c"}`, `{"email":"[personal]","visitId":"v-1"}`, `[a@b.c]`},
		{`{"email":null}`, `{"email":"[personal]"}`, `[]`},
		{`{"age":42}`, `{"age":"[personal]"}`, `[42]`},
		{`{"home":{"street":"Quay 1","x":["y"]}}`, `{"home":"[personal]"}`, `[Quay 1 y]`},
		{`{"guests":[{"seat":1,"name":"Ann","with":{"seat":2,"name":"Bo"}}]}`, `{"guests":[{"name":"[personal]","seat":1,"with":{"name":"[personal]","seat":2}}]}`, `[Ann Bo]`},
		{`{"phones":{"day":"1","night":"2"}}`, `{"phones":{"day":"[personal]","night":"[personal]"}}`, `[1 2]`},
		{`{"contact":{"by":"post","to":"<Quay 1>"}}`, `{"contact":{"by":"post","to":"[personal]"}}`, `[<Quay 1>]`},
		{`{"visitId":"v-1","nickname":"Annie"}`, `{"nickname":"[personal]","visitId":"v-1"}`, `[Annie]`}, // a newer version's
		{`{"visitId":["a@b.c"]}`, `"[personal]"`, `[a@b.c]`},                                             // invalid
		{`not JSON`, `"[personal]"`, `[]`},
	} {
		shown, values := schema.Hide(contract, []byte(c.data))
		slices.Sort(values)
		if string(shown) != c.shown || fmt.Sprint(values) != c.values {
			t.Errorf("%s is shown as %s, and hides %v; want %s, %s", c.data, shown, values, c.shown, c.values)
		}
	}
	compiled, err := schema.Compile("it", []byte(marked))
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(compiled.Personal()); got != "[age email home name phones street to]" {
		t.Errorf("personal members are %s", got)
	}
	plain, _ := schema.Hide(&events.Contract{Type: "plain.v1", Schema: []byte(`{"type": "object"}`)}, []byte(` {"b":1,  "a":2}`))
	if string(plain) != ` {"b":1,  "a":2}` {
		t.Errorf("a contract without personal data shows %s", plain)
	}
}

func TestMembersHide(t *testing.T) {
	members := schema.Members{"email", "home"}
	for data, want := range map[string]string{
		`{"Email":"a@b.c","id":"v-1","list":[{"home":{"street":"Quay"}},{"n":1.50}]}`: `{"Email":"[personal]","id":"v-1","list":[{"home":"[personal]"},{"n":1.50}]}`,
		`email=a@b.c`: `"[personal]"`,
		`"a"`:         `"a"`,
		``:            ``,
	} {
		if shown, _ := members.Hide([]byte(data)); string(shown) != want {
			t.Errorf("%s is shown as %s, want %s", data, shown, want)
		}
	}
	if shown, _ := (schema.Members{schema.Everything}).Hide([]byte(`{"a":1,"b":[2]}`)); string(shown) != `{"a":"[personal]","b":"[personal]"}` {
		t.Errorf("of a document in which everything is personal is shown %s", shown)
	}
}

func TestMistakesInMarks(t *testing.T) {
	for document, want := range map[string]string{
		`{"properties": {"email": {"x-personal": false}}}`:                      "/properties/email/x-personal must be true",
		`{"properties": {"email": {"x-personal": "yes"}}}`:                      "/properties/email/x-personal must be true",
		`{"properties": {"email": {"x-personnal": true}}}`:                      "/properties/email/x-personnal must be left out: this keyword is not known here; did you mean x-personal?",
		`{"propertyNames": {"x-personal": true}, "additionalProperties": true}`: "/propertyNames must be without x-personal",
	} {
		if _, err := schema.Compile("it", []byte(`{"x-seasonal": true}`)); err != nil {
			t.Errorf("a keyword of one's own: %v", err)
		}
		if _, err := schema.Compile("it", []byte(document)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", document, err, want)
		}
	}
}
