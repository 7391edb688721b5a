package codegen_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/codegen"
)

const ended = `{
  "x-event": {"type": "act.ended.v2", "producer": "front-stage", "channel": "queue", "subject": "actId"},
  "title": "ActEndedV2", "description": "ActEndedV2 states that an act is over.",
  "type": "object", "required": ["actId", "mood", "scenes"],
  "properties": {
    "actId": {"description": "The act.", "type": "string"},
    "imageUrl": {"description": "What it looked like.", "type": "string"},
    "mood": {"description": "How it was.", "$ref": "#/$defs/Mood"},
    "scenes": {"description": "Its scenes.", "type": "array", "items": {"$ref": "#/$defs/Scene"}}
  },
  "$defs": {
    "Mood": {"description": "Mood is how a house feels.", "type": "string", "enum": ["very_sad", "merry"]},
    "Scene": {"description": "Scene is a part of an act.", "type": "object", "required": ["seconds"],
      "properties": {"seconds": {"description": "How long it took, in seconds.", "type": "integer"}}}
  }
}`

// stage writes a repository with one producer and the given schemas by event type.
func stage(t *testing.T, schemas map[string]string) (root string) {
	t.Helper()
	root = t.TempDir()
	write(t, filepath.Join(root, "go.mod"), "module example.com/theatre\n")
	for eventType, schema := range schemas {
		stem := filepath.Join(root, "events", "front-stage", eventType)
		write(t, stem+".schema.json", schema)
		write(t, stem+".example.json", `{}`)
	}
	return root
}

func write(t *testing.T, name, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestGenerateWritesCleanGo(t *testing.T) {
	began := strings.NewReplacer("act.ended.v2", "act.began.v1", "ActEndedV2", "ActBegan").Replace(ended)
	files, err := codegen.Generate(stage(t, map[string]string{"act.ended.v2": ended, "act.began.v1": began}))
	if err != nil {
		t.Fatal(err)
	}
	if names := slices.Collect(maps.Keys(files)); !slices.Equal(names, []string{"events/front-stage/events_gen.go"}) {
		t.Errorf("generated %v", names)
	}
	code := string(files["events/front-stage/events_gen.go"])
	for _, want := range []string{
		"package frontstage\n",
		"// ActEndedV2 states that an act is over.\ntype ActEndedV2 struct {",
		"\t// The act.\n\tActID string `json:\"actId\"`",
		"ImageURL *string `json:\"imageUrl,omitzero\"`",
		"Scenes []Scene `json:\"scenes\"`",
		"\t// How long it took, in seconds.\n\tSeconds int `json:\"seconds\"`",
		"// Mood is how a house feels.\ntype Mood string",
		"MoodVerySad Mood = \"very_sad\"",
		"//go:embed act.ended.v2.schema.json\nvar actEndedV2Schema []byte",
		"Channel:  events.Queue,",
		"func (e ActEndedV2) Subject() string { return e.ActID }",
		"func (ActBegan) frontstage() {}",
	} {
		if !strings.Contains(code, want) {
			t.Errorf("it has no\n%s", want)
		}
	}
	if strings.Count(code, "type Scene struct") != 1 {
		t.Error("a type that two events share is not declared once")
	}
	if t.Failed() {
		t.Log(code)
	}
}

// TestGenerateFromOutside holds what an event from outside has in Go, and which pointers are refused as its subject.
func TestGenerateFromOutside(t *testing.T) {
	const arrived = `{
  "x-event": {"type": "guest.arrived.v1", "producer": "front-stage", "channel": "eventbridge", "subject": "/who/pass/id", "source": "com.example.door", "detail-type": "Arrival"},
  "title": "GuestArrived", "description": "GuestArrived states that a guest is there.",
  "type": "object", "required": ["who"],
  "properties": {"who": {"$ref": "#/$defs/Guest"}, "seat": {"type": "string"}},
  "$defs": {"Guest": {"description": "Guest is who comes.", "type": "object", "required": ["pass"], "properties": {
    "pass": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, "row": {"type": "string"}}},
    "coat": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}}}}
}`
	files, err := codegen.Generate(stage(t, map[string]string{"guest.arrived.v1": arrived}))
	if err != nil {
		t.Fatal(err)
	}
	code := string(files["events/front-stage/events_gen.go"])
	for _, want := range []string{
		"// Package frontstage is the contract of front-stage, which is outside: no service publishes these events.\npackage frontstage",
		`Outside:  &events.Outside{Source: "com.example.door", DetailType: "Arrival", Subject: "/who/pass/id", Bus: ""},`,
		"func (e GuestArrived) Subject() string { return e.Who.Pass.ID }",
	} {
		if !strings.Contains(code, want) {
			t.Errorf("it has no\n%s\n%s", want, code)
		}
	}
	for _, subject := range []string{"/who/pass/row", "/who/coat/id", "/who/pass", "/seat/id", "/who/pass/id/x"} {
		_, err := codegen.Generate(stage(t, map[string]string{"guest.arrived.v1": strings.Replace(arrived, "/who/pass/id", subject, 1)}))
		if err == nil || !strings.Contains(err.Error(), "guest.arrived.v1.schema.json:2:96: /x-event/subject must be a pointer through required objects to a required text") {
			t.Errorf("%s: %v", subject, err)
		}
	}
}

func TestCheckNamesStaleFilesAndTheCommand(t *testing.T) {
	root := stage(t, map[string]string{"act.ended.v2": ended})
	err := codegen.Check(root)
	if err == nil || !strings.Contains(err.Error(), "events/front-stage/events_gen.go") || !strings.Contains(err.Error(), "go generate ./events") {
		t.Errorf("before: %v", err)
	}
	if _, err := codegen.Write(root); err != nil {
		t.Fatal(err)
	}
	if err := codegen.Check(root); err != nil {
		t.Errorf("after: %v", err)
	}
}

func TestTheCommittedFilesAreFresh(t *testing.T) {
	if err := codegen.Check("../../.."); err != nil {
		t.Error(err)
	}
}
