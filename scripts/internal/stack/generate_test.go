package stack_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/stack"
)

// TestTypesAreGeneratedBeforeABuild checks that neither a start nor an update runs with types that aren't what the schemas
// say, and that a schema without Go types is refused at its line.
func TestTypesAreGeneratedBeforeABuild(t *testing.T) {
	root := theatre(t)
	var log bytes.Buffer
	s, err := stack.Start(t.Context(), stack.Options{Root: root, Only: []string{"desk"}, Log: &log})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	generated := filepath.Join(root, "events/desk/events_gen.go")
	if text, err := os.ReadFile(generated); err != nil || !strings.Contains(string(text), "type ActEnded struct") || !strings.Contains(log.String(), "generated events/desk/events_gen.go") {
		t.Errorf("generated %q, %v; the log: %s", text, err, &log)
	}
	ended := filepath.Join(root, "events/desk/act.ended.v1.schema.json")
	schema, err := os.ReadFile(ended)
	if err != nil {
		t.Fatal(err)
	}
	edit := func(member string) {
		text := strings.Replace(string(schema), `"properties": {`, `"properties": {`+member+", ", 1)
		if err := os.WriteFile(ended, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	edit(`"endedAt": {"type": "string", "format": "date-time"}`)
	if _, _, err := s.Update(t.Context(), "desk"); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(generated); err != nil || !strings.Contains(string(text), "EndedAt *time.Time") {
		t.Errorf("after an update it is %s, %v", text, err)
	}
	edit(`"endedAt": {}`)
	if _, _, err := s.Update(t.Context(), "desk"); err == nil || !strings.Contains(err.Error(), "events/desk/act.ended.v1.schema.json:2:") {
		t.Errorf("a schema without a type: %v", err)
	}
}
