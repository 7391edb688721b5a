package schema_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"example.com/troupe/events/schema"
)

// judge is a complete implementation of JSON Schema, to which this package's verdicts are held. It isn't used itself
// because compiling its metaschemas takes longer than all else that a function does when it starts.
type judge struct{ root *jsonschema.Schema }

func newJudge(document []byte) (*judge, error) {
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		return nil, err
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	compiler.UseLoader(jsonschema.SchemeURLLoader{}) // supports no scheme
	if err := compiler.AddResource("schema:///x", parsed); err != nil {
		return nil, err
	}
	root, err := compiler.Compile("schema:///x")
	return &judge{root}, err
}

// places returns where the document violates the schema, with the keyword, sorted.
func (j *judge) places(document any) []string {
	var found []string
	var collect func(e *jsonschema.ValidationError)
	collect = func(e *jsonschema.ValidationError) {
		place := ""
		for _, token := range e.InstanceLocation {
			place += "/" + escaper.Replace(token)
		}
		switch k := e.ErrorKind.(type) {
		case *kind.Schema, *kind.Group, *kind.Reference, *kind.AllOf:
			for _, cause := range e.Causes {
				collect(cause)
			}
		case *kind.Required:
			for _, name := range k.Missing {
				found = append(found, place+"/"+escaper.Replace(name)+" given")
			}
		case *kind.AdditionalProperties:
			for _, name := range k.Properties {
				found = append(found, place+"/"+escaper.Replace(name)+" left")
			}
		case *kind.FalseSchema:
			found = append(found, place+" left")
		case *kind.Type:
			found = append(found, place+" of type "+strings.Join(k.Want, " or ")+", not "+k.Got)
		default:
			found = append(found, place)
		}
	}
	if e, invalid := errors.AsType[*jsonschema.ValidationError](j.root.Validate(document)); invalid {
		collect(e)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

var escaper = strings.NewReplacer("~", "~0", "/", "~1")

// ours returns violations in the form of places.
func ours(violations []schema.Violation) []string {
	var found []string
	for _, v := range violations {
		switch word, _, _ := strings.Cut(v.Expected, " "); {
		case v.Expected == "given":
			found = append(found, v.Place+" given")
		case word == "left":
			found = append(found, v.Place+" left")
		case strings.HasPrefix(v.Expected, "of type"):
			found = append(found, v.Place+" "+v.Expected)
		default:
			found = append(found, v.Place)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// pair is a schema, compiled by both.
type pair struct {
	text  string
	ours  *schema.Schema
	judge *judge
}

// agree compares the verdicts and places on a document.
func (p pair) agree(t *testing.T, document []byte) {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil || lenient(value) {
		return
	}
	if diff := cmp.Diff(p.judge.places(value), ours(p.ours.Check(document))); diff != "" {
		t.Errorf("%s\nof the schema %s: the judge (-) and we (+) differ:\n%s", document, p.text, diff)
	}
}

// lenient reports whether a document contains what the judge reads in another way: texts that its formats take though
// the RFCs don't (a sign within a time or an address, a mailbox without a local part), and numbers with exponents that no
// float has, which take it minutes.
func lenient(value any) bool {
	switch value := value.(type) {
	case json.Number:
		_, exponent, _ := strings.Cut(strings.ToLower(string(value)), "e")
		return len(strings.TrimLeft(exponent, "+-0")) > 2
	case string:
		before, _, _ := strings.Cut(value, "@")
		return strings.ContainsAny(value, "+-") && strings.ContainsAny(value, ":.") || before == "" || strings.Contains(value, ":")
	case []any:
		return slices.ContainsFunc(value, lenient)
	case map[string]any:
		return slices.ContainsFunc(slices.Collect(maps.Values(value)), lenient)
	}
	return false
}

// pairs are the schemas of the events, and one for each keyword.
func pairs(t testing.TB) []pair {
	t.Helper()
	texts := []string{string(docked.Schema)}
	for _, operand := range []string{
		`"type": "integer"`, `"type": ["string", "null"]`, `"const": {"a": [1, "x"]}`, `"enum": [1, "a", null, [2.0]]`, `"minLength": 2`, `"maxLength": 2`,
		`"pattern": "^a+$"`, `"minimum": 1.5`, `"maximum": 10`, `"exclusiveMinimum": 1`, `"exclusiveMaximum": 1e1`, `"multipleOf": 0.1`,
		`"minItems": 1`, `"maxItems": 2`, `"uniqueItems": true`, `"items": {"type": "number"}`, `"prefixItems": [{"type": "string"}, true], "items": false`,
		`"minProperties": 1`, `"maxProperties": 1`, `"required": ["a", "b/c"]`, `"properties": {"a": {"type": "string"}, "b~": false}`,
		`"properties": {"a": {}}, "patternProperties": {"^x": {"type": "integer"}}, "additionalProperties": false`,
		`"additionalProperties": {"type": "boolean"}`, `"propertyNames": {"maxLength": 1}`, `"$ref": "#/$defs/tree", "$defs": {"tree": {"type": "object", "properties": {"a": {"$ref": "#/$defs/tree"}}}}`,
		`"allOf": [{"type": "object"}, {"required": ["a"]}]`, `"anyOf": [{"type": "object"}, {"minLength": 1, "type": "string"}]`,
		`"oneOf": [{"required": ["a"]}, {"required": ["x"]}]`, `"not": {"type": "array"}`, `"properties": {"a": {"format": "email"}}`,
		`"if": {"required": ["a"]}, "then": {"required": ["x"]}, "else": {"maxProperties": 1}`, `"format": "uri-reference"`, `"dependentRequired": {"a": ["x"]}`, `"contains": {"type": "number"}`, `"contains": {"const": 1}, "minContains": 0, "maxContains": 1`, `"format": "date"`, `"format": "date-time"`, `"format": "time"`, `"format": "duration"`, `"format": "hostname"`, `"format": "ipv4"`, `"format": "ipv6"`, `"format": "uri"`, `"format": "uuid"`, `"format": "email"`,
	} {
		texts = append(texts, "{"+operand+"}")
	}
	files, err := filepath.Glob("../*/*.schema.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no schemas: ", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	found := make([]pair, len(texts))
	for i, text := range texts {
		compiled, err := schema.Compile("x", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		j, err := newJudge([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		found[i] = pair{text, compiled, j}
	}
	return found
}

// documents are seeds: each is held against each schema.
func documents(t testing.TB) []string {
	found := []string{
		ship, `{}`, `[]`, `null`, `true`, `0`, `1.0`, `1.5`, `-3`, `10`, `1e1`, `0.3`, `12345678901234567890`, `""`, `"a"`, `"aa"`, `"日本"`, `[1, 1.0]`, `["x", 2, 3]`, `[2]`, `[[2.0]]`,
		`{"a": "b", "b/c": 1}`, `{"a": {"a": 1}}`, `{"x": 1, "y": true}`, `{"x": "no"}`, `{"b~": 1}`, `{"a": [1, "x"]}`, `{"a": "someone@example.com"}`, `{"a": "a@b_c.com"}`,
		`"2026-02-29"`, `"2024-02-29"`, `"P1Y2M3DT4H"`, `"P"`, `"PT"`, `"P2W"`, `"P1M1Y"`, `"example.com."`, `"-a.b"`, `"a..b"`, `"1.2.3.4"`, `"1.2.3"`, `"01.2.3.4"`,
		`"mailto"`, `"/x"`, `"urn:x"`, `"00000000-0000-4000-8000-00000000000g"`, `"00000000-0000-4000-8000-00000000000A"`, `"\"a b\"@c.d"`, `"a@[1.2.3.4]"`, `"a@"`,
	}
	files, err := filepath.Glob("../*/*.example.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, string(text))
	}
	return found
}

func TestAgreesWithTheJudge(t *testing.T) {
	for _, p := range pairs(t) {
		for _, document := range documents(t) {
			p.agree(t, []byte(document))
		}
	}
}

func FuzzAgreesWithTheJudge(f *testing.F) {
	all := pairs(f)
	for i, document := range documents(f) {
		f.Add(uint8(i%len(all)), []byte(document))
	}
	f.Fuzz(func(t *testing.T, i uint8, document []byte) { all[int(i)%len(all)].agree(t, document) })
}

func TestFormats(t *testing.T) {
	for _, c := range []struct {
		format, text string
		valid        bool
	}{
		{"time", "23:59:60Z", true}, {"time", "22:59:60-01:00", true}, {"time", "22:59:60Z", false}, {"time", "08:30:06.283185Z", true}, {"time", "8:30:06Z", false}, {"time", "+1:+2:03Z", false}, {"time", "08:30:06", false}, {"time", "08:30:06+24:00", false},
		{"date-time", "1963-06-19T08:30:06.283185Z", true}, {"date-time", "1963-06-19t08:30:06z", true}, {"date-time", "1963-06-19 08:30:06Z", false}, {"date-time", "1963-06-31T08:30:06Z", false}, {"date-time", "1963-06-19", false},
		{"ipv6", "::ffff:1.2.3.4", true}, {"ipv6", "::1%eth0", false}, {"ipv6", "1.2.3.4", false},
		{"email", "@example.com", false}, {"email", "a@[IPv6:::1]", true}, {"email", "a..b@example.com", false}, {"email", "ü@example.com", false},
		{"uri", "https://example.com/a?b#c", true}, {"uri", "example.com", false},
	} {
		compiled, err := schema.Compile("x", fmt.Appendf(nil, `{"format": %q}`, c.format))
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(c.text)
		if err != nil {
			t.Fatal(err)
		}
		if valid := compiled.Check(text) == nil; valid != c.valid {
			t.Errorf("%s %s: valid is %t", c.format, c.text, valid)
		}
	}
}

// TestCompileRefusesWhatItDoesNotKnow: nothing that a schema says is passed over.
func TestCompileRefusesWhatItDoesNotKnow(t *testing.T) {
	for text, want := range map[string]string{
		`{"unevaluatedItems": {}}`:                               "/unevaluatedItems must be left out: this keyword is not known here",
		`{"properties": {"a": {"minimun": 1}}}`:                  "/properties/a/minimun must be left out",
		`{"format": "colour"}`:                                   "/format must be one of the formats date, date-time",
		`{"$schema": "http://json-schema.org/draft-07/schema#"}`: "/$schema must be " + "https://json-schema.org/draft/2020-12/schema",
		`{"$ref": "other.json"}`:                                 `/$ref must be a reference within the file`,
		`{"$ref": "#/$defs/none"}`:                               "there is no /$defs/none",
		`{"$ref": "#"}`:                                          "refer to itself without end",
		`{"$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}]}}}`:   "refer to itself without end",
		`{"$defs": {"a": {"type": "text"}}}`:                     "/$defs/a/type must be one of null",
		`{"minLength": -1}`:                                      "/minLength must be a whole number",
		`{"pattern": "("}`:                                       "/pattern must be a regular expression that Go knows",
		`{"items": [{}]}`:                                        "/items must be a schema",
		`{"enum": []}`:                                           "/enum must be a list with a value at least",
		`{"minimum": "1"}`:                                       "/minimum must be a number",
		`{"required": [1]}`:                                      "/required must be a list of members",
		`{"uniqueItems": 1}`:                                     "/uniqueItems must be true or false",
		`{} {}`:                                                  "there is more after its end",
	} {
		if _, err := schema.Compile("x", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// BenchmarkCheck validates an event; BenchmarkJudge does what the judge takes for it.
func BenchmarkCheck(b *testing.B) {
	compiled, err := schema.Compile("x", docked.Schema)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if compiled.Check([]byte(ship)) != nil {
			b.Fatal("it is valid")
		}
	}
}

func BenchmarkJudge(b *testing.B) {
	j, err := newJudge(docked.Schema)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(ship))
		if err != nil || len(j.places(value)) > 0 {
			b.Fatal("it is valid")
		}
	}
}
