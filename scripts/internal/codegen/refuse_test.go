package codegen_test

import (
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/codegen"
)

// TestGenerateRefusesWhatGoCannotHold changes one thing in a schema that is fine, and expects the line and what to write
// instead.
func TestGenerateRefusesWhatGoCannotHold(t *testing.T) {
	const image = `{"description": "What it looked like.", "type": "string"}`
	cases := map[string]struct{ old, new, problem string }{
		"title":               {`"title": "ActEndedV2"`, `"title": "Ended"`, `:3:3: /title must be ActEndedV2, the Go type of act.ended.v2`},
		"no reference":        {`"#/$defs/Mood"`, `"#/$defs/Modo"`, `:8:44: /properties/mood/$ref must be one of the definitions of front-stage/act.ended.v2.schema.json: Mood, Scene`},
		"reference elsewhere": {`"#/$defs/Mood"`, `"https://example.com/mood.json"`, `:8:44: /properties/mood/$ref must be #/$defs/<Name>, or <file>defs.json#/$defs/<Name>`},
		"shared, missing":     {`"#/$defs/Mood"`, `"defs.json#/$defs/Temper"`, `:8:44: /properties/mood/$ref must be to a file that can be read`},
		"no subject":          {`"subject": "actId"`, `"subject": "act"`, `:2:86: /x-event/subject must be a required text member: actId, mood`},
		"subject is absent":   {`, "subject": "actId"`, ``, `:2:3: /x-event/subject must be a required text member`},
		"optional subject":    {`["actId", "mood", "scenes"]`, `["mood", "scenes"]`, `/x-event/subject must be a required text member: mood`},
		"number as subject":   {`{"description": "The act.", "type": "string"}`, `{"type": "integer"}`, `/x-event/subject must be a required text member: mood`},
		"no type":             {image, `{"description": "Anything."}`, `:7:5: /properties/imageUrl must be of one "type"`},
		"two types":           {image, `{"type": ["string", "integer"]}`, `/properties/imageUrl must be of one "type", or one and null: a reader can't tell others apart; not string or integer`},
		"misspelt type":       {image, `{"type": "text"}`, `:7:18: /properties/imageUrl/type must be one of string, integer, number`},
		"misspelt keyword":    {`"items"`, `"itmes"`, `:9:63: /properties/scenes/itmes must be a keyword of JSON Schema 2020-12; did you mean items?`},
		"no items":            {`, "items": {"$ref": "#/$defs/Scene"}`, ``, `:9:5: /properties/scenes must be an array with "items"`},
		"tuple":               {`"items": {"$ref": "#/$defs/Scene"}`, `"prefixItems": [{"type": "string"}]`, `/properties/scenes/prefixItems must be an object whose members have names`},
		"OpenAPI":             {image, `{"type": "string", "nullable": true}`, `/properties/imageUrl/nullable must be written as "type": ["string", "null"]`},
		"null or absent":      {image, `{"type": ["string", "null"]}`, `/properties/imageUrl must be either required or never null`},
		"draft 7":             {`"$defs": {`, `"definitions": {`, `:11:3: /definitions must be $defs`},
		"other draft":         {`"title"`, `"$schema": "http://json-schema.org/draft-07/schema#", "title"`, `:3:3: /$schema must be https://json-schema.org/draft/2020-12/schema`},
		"closed":              {`"type": "object", "required": ["actId"`, `"type": "object", "additionalProperties": false, "required": ["actId"`, `/additionalProperties must be left out: consumers must accept members`},
		"map and members":     {`"type": "object", "required": ["seconds"]`, `"type": "object", "additionalProperties": {"type": "string"}, "required": ["seconds"]`, `/$defs/Scene/additionalProperties must be left out beside "properties"`},
		"patterns":            {image, `{"type": "object", "patternProperties": {"^a": {"type": "string"}}}`, `/properties/imageUrl/patternProperties must be a map`},
		"parts":               {`{"description": "How it was.", "$ref": "#/$defs/Mood"}`, `{"allOf": [{"$ref": "#/$defs/Mood"}]}`, `/properties/mood/allOf must be left out: list the members of all parts`},
		"untold alternatives": {image, `{"oneOf": [{"type": "string"}, {"type": "integer"}]}`, `/properties/imageUrl must be objects that each require one member with a different "const"`},
		"same constants":      {image, `{"oneOf": [{"$ref": "#/$defs/Scene"}, {"$ref": "#/$defs/Scene"}]}`, `/properties/imageUrl must be objects that each require one member`},
		"event of two kinds":  {`"type": "object", "required": ["actId"`, `"oneOf": [], "required": ["actId"`, `:1:1: it must be an object with "type": "object" and "properties"`},
		"not in properties":   {`"required": ["seconds"]`, `"required": ["second"]`, `/$defs/Scene/required/0 must be one of the members in "properties"; did you mean seconds?`},
		"hidden in then":      {`"title"`, `"if": {}, "then": {"properties": {"end": {"type": "string"}}}, "title"`, `/then/properties/end must be a member in "properties" too`},
		"one Go field":        {`"imageUrl"`, `"act_id"`, `/properties/act_id must be named otherwise: in Go both it and actId are ActID, or`},
		"no Go field":         {`"imageUrl"`, `"1st"`, `:7:5: /properties/1st must be named by a letter`},
		"one Go constant":     {`"merry"`, `"very-sad"`, `/$defs/Mood/enum/1 must be a text from which another Go name can be made`},
		"number in an enum":   {`"merry"`, `1`, `/$defs/Mood/enum/1 must be a text`},
		"list of itself":      {`"$defs": {`, `"$defs": {"Nest": {"type": "array", "items": {"$ref": "#/$defs/Nest"}}, `, `/$defs/Nest must be an object, a list of objects or alternatives where it contains itself`},
		"itself":              {`"$defs": {`, `"$defs": {"Nest": {"$ref": "#/$defs/Nest"}, `, `/$defs/Nest must be an object`},
		"personal or not":     {image, `{"type": "string", "x-personal": "yes"}`, `:7:36: /properties/imageUrl/x-personal must be true; leave it out where nothing is personal`},
		"nearly personal":     {image, `{"type": "string", "x-persnal": true}`, `:7:36: /properties/imageUrl/x-persnal must be a keyword that is known; did you mean x-personal?`},
		"personal subject":    {`{"description": "The act.", "type": "string"}`, `{"type": "string", "x-personal": true}`, `/properties/actId must be without x-personal, since it is the subject`},
		"the interface":       {`Scene"`, `Event"`, `/$defs/Event must be named otherwise: Event is what all events of the package are`},
		"the event's type":    {`Scene"`, `ActEndedV2"`, `must be the same as ActEndedV2`},
	}
	for name, c := range cases {
		if !strings.Contains(ended, c.old) {
			t.Fatalf("%s: the schema has no %s", name, c.old)
		}
		_, err := codegen.Generate(stage(t, map[string]string{"act.ended.v2": strings.ReplaceAll(ended, c.old, c.new)}))
		if err == nil || !strings.Contains(err.Error(), strings.TrimSuffix(c.problem, ", or")) || !strings.Contains(err.Error(), "events/front-stage/act.ended.v2.schema.json:") {
			t.Errorf("%s: got %v\nnot %s", name, err, c.problem)
		}
	}
}

func TestGenerateRefusesTwoTypesOfOneName(t *testing.T) {
	began := strings.NewReplacer("act.ended.v2", "act.began.v1", "ActEndedV2", "ActBegan").Replace(ended)
	_, err := codegen.Generate(stage(t, map[string]string{"act.began.v1": began, "act.ended.v2": strings.Replace(ended, `"integer"`, `"string"`, 1)}))
	const want = "events/front-stage/act.ended.v2.schema.json:13:5: /$defs/Scene must be the same as Scene in front-stage/act.began.v1.schema.json, or named otherwise, such as SceneV2"
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestGenerateTakesADefinitionThatContainsItselfTwice(t *testing.T) {
	nested := strings.Replace(ended, `"properties": {"seconds"`, `"properties": {"scenes": {"type": "array", "items": {"$ref": "#/$defs/Scene"}}, "seconds"`, 1)
	began := strings.NewReplacer("act.ended.v2", "act.began.v1", "ActEndedV2", "ActBegan").Replace(nested)
	if _, err := codegen.Generate(stage(t, map[string]string{"act.began.v1": began, "act.ended.v2": nested})); err != nil {
		t.Error(err)
	}
	other := strings.Replace(nested, `"seconds"`, `"minutes"`, 2)
	if _, err := codegen.Generate(stage(t, map[string]string{"act.began.v1": began, "act.ended.v2": other})); err == nil || !strings.Contains(err.Error(), "/$defs/Scene must be the same as Scene in front-stage/act.began.v1.schema.json") {
		t.Errorf("another one: %v", err)
	}
}

func TestGenerateListsEveryProblem(t *testing.T) {
	broken := strings.NewReplacer(`"type": "integer"`, `"type": "int"`, `"type": "array"`, `"type": "list"`).Replace(ended)
	_, err := codegen.Generate(stage(t, map[string]string{"act.ended.v2": broken}))
	if err == nil || !strings.Contains(err.Error(), "/properties/scenes/type") || !strings.Contains(err.Error(), "/$defs/Scene/properties/seconds/type") {
		t.Errorf("got %v", err)
	}
}
