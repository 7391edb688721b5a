package schema_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
)

var docked = &events.Contract{Type: "ship.docked.v1", Schema: []byte(`{
	"type": "object", "required": ["shipId", "flag", "email", "tonnes", "crew"],
	"properties": {
		"shipId": {"type": "string"}, "flag": {"type": "string", "pattern": "^[A-Z]{2}$"}, "email": {"type": "string", "format": "email"},
		"tonnes": {"type": "integer"}, "crew": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Sailor"}}},
	"$defs": {"Sailor": {"type": "object", "required": ["name", "voyages"],
		"properties": {"name": {"type": "string"}, "voyages": {"type": "integer", "minimum": 1}}}}}`)}

const ship = `{"shipId": "ship-1", "flag": "GR", "email": "a@example.com", "tonnes": 100, "crew": [{"name": "Ann", "voyages": 1}]}`

func TestValidateSaysWhereAndWhat(t *testing.T) {
	cases := map[string]struct{ old, new, violation string }{
		"missing":     {`"shipId": "ship-1", `, ``, "/shipId must be given"},
		"in an item":  {`"voyages": 1`, `"voyages": 0`, "/crew/0/voyages must be at least 1"},
		"type":        {`"tonnes": 100`, `"tonnes": "1"`, "/tonnes must be of type integer, not string"},
		"fraction":    {`"tonnes": 100`, `"tonnes": 1.5`, "/tonnes must be of type integer, not number"},
		"pattern":     {`"GR"`, `"Greece"`, "/flag must be text that matches ^[A-Z]{2}$"},
		"format":      {`"a@example.com"`, `"nobody"`, "/email must be of the format email"},
		"empty":       {`[{"name": "Ann", "voyages": 1}]`, `[]`, "/crew must be at least 1 items long"},
		"not JSON":    {`{"shipId"`, `{`, "it must be a JSON document"},
		"not objects": {ship, `[]`, "it must be of type object, not array"},
	}
	for name, c := range cases {
		err := schema.Validate(docked, []byte(strings.Replace(ship, c.old, c.new, 1)))
		invalid, typed := errors.AsType[*schema.InvalidError](err)
		if !typed || invalid.Type != "ship.docked.v1" || len(invalid.Violations) != 1 || !strings.Contains(err.Error(), c.violation) {
			t.Errorf("%s: got %v, want %s", name, err, c.violation)
		}
		if err != nil && strings.Contains(err.Error(), "nobody") {
			t.Errorf("%s: the error repeats the value: %v", name, err)
		}
	}
}

func TestValidateToleratesWhatItDoesNotKnow(t *testing.T) {
	newer := strings.Replace(ship, `{`, `{"sails": true, `, 1)
	if err := schema.Validate(docked, []byte(newer)); err != nil {
		t.Error(err)
	}
}

func TestValidateIsSafeForConcurrentUse(t *testing.T) {
	contract := *docked // not compiled yet
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if err := schema.Validate(&contract, []byte(ship)); err != nil {
				t.Error(err)
			}
			if err := schema.Validate(&contract, []byte(`{}`)); err == nil {
				t.Error("an empty document was accepted")
			}
		})
	}
	group.Wait()
}

func TestAnUnfitSchemaIsNoFaultOfTheData(t *testing.T) {
	elsewhere := filepath.Join(t.TempDir(), "fit.json")
	if err := os.WriteFile(elsewhere, []byte(`{}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, document := range map[string]string{
		"not JSON":  `{`,
		"not valid": `{"type": "text"}`,
		"elsewhere": `{"$ref": "file://` + filepath.ToSlash(elsewhere) + `"}`,
	} {
		err := schema.Validate(&events.Contract{Type: "act.ended.v1", Schema: []byte(document)}, []byte(`{}`))
		if _, blamed := errors.AsType[*schema.InvalidError](err); err == nil || blamed {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestCheckWordsEveryKeyword(t *testing.T) {
	cases := []struct{ schema, document, want string }{
		{`{"enum": ["a", "b"]}`, `"c"`, "it must be one of a, b"},
		{`{"const": 1}`, `2`, "it must be 1"},
		{`{"maximum": 1.5}`, `2`, "it must be at most 1.5"},
		{`{"minLength": 2}`, `"é"`, "it must be at least 2 characters long"},
		{`{"maxLength": 1}`, `"éé"`, "it must be at most 1 characters long"},
		{`{"maxItems": 0}`, `[1]`, "it must be at most 0 items long"},
		{`{"uniqueItems": true}`, `[1, 1]`, "it must be as the schema's uniqueItems asks"},
		{`{"anyOf": [{"type": "null"}, {"type": "string"}]}`, `1`, "it must be as the schema's anyOf asks"},
		{`{"$defs": {"x": {"properties": {"b": {}, "a": {}}, "additionalProperties": false}}, "properties": {"p/q": {"$ref": "#/$defs/x"}}}`,
			`{"p/q": {"c": 1}}`, "/p~1q/c must be left out: known here are a, b"},
	}
	for _, c := range cases {
		compiled, err := schema.Compile("test", []byte(c.schema))
		if err != nil {
			t.Fatal(err)
		}
		if got := compiled.Check([]byte(c.document)); len(got) != 1 || got[0].String() != c.want {
			t.Errorf("%s of %s: got %v, want %s", c.schema, c.document, got, c.want)
		}
	}
}

func TestInFileNamesLineAndColumn(t *testing.T) {
	const text = "{\n  \"a\": [10, {\"b/c\": 1}],\n  \"d\": {}\n}"
	cases := []struct {
		data, place  string
		line, column int
	}{
		{text, "", 1, 1},
		{text, "/a", 2, 3},
		{text, "/a/0", 2, 9},
		{text, "/a/1", 2, 13},
		{text, "/a/1/b~1c", 2, 14},
		{text, "/d", 3, 3},
		{text, "/d/missing", 3, 3},
		{text, "/a/0/deeper", 2, 9},
		{"{\n  oops", "", 2, 3},
	}
	for _, c := range cases {
		err := schema.InFile("f.json", []byte(c.data), []schema.Violation{{Place: c.place, Expected: "better"}})
		file, typed := errors.AsType[*schema.FileError](err)
		if !typed || file.Problems[0].Line != c.line || file.Problems[0].Column != c.column {
			t.Errorf("%s: got %v, want %d:%d", c.place, err, c.line, c.column)
		}
	}
	if err := schema.InFile("f.json", []byte(text), nil); err != nil {
		t.Errorf("nothing is wrong, but: %v", err)
	}
}
