package scaffold_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/codegen"
	"example.com/troupe/scripts/internal/fixture"
	"example.com/troupe/scripts/internal/scaffold"
)

// TestALaterVersionBeginsAsACopy checks that a version has everything of the one before under its own name, and that both
// become Go types of one package.
func TestALaterVersionBeginsAsACopy(t *testing.T) {
	root := fixture.Root(t)
	first := filepath.Join(root, "events/lighthouse/lamp.lit.v1.schema.json")
	text, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	write(t, first, []byte(strings.Replace(string(text), `  "title"`, "  \"x-breaking\": \"nobody lights lamps yet\",\n  \"title\"", 1)))
	checkout, err := scaffold.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	files, made, err := checkout.Event(scaffold.EventOptions{Type: "lamp.lit.v2"})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"events/lighthouse/lamp.lit.v2.dim.example.json", "events/lighthouse/lamp.lit.v2.example.json", "events/lighthouse/lamp.lit.v2.schema.json"}; !slices.Equal(files.Names(), want) {
		t.Errorf("it creates %v", files.Names())
	}
	want := strings.NewReplacer("lamp.lit.v1", "lamp.lit.v2", "LampLit", "LampLitV2").Replace(string(text))
	if got := string(files["events/lighthouse/lamp.lit.v2.schema.json"]); got != want || made.Title != "LampLitV2" || made.Producer != "lighthouse" {
		t.Errorf("the schema of %+v is\n%s\nwant\n%s", made, got, want)
	}
	for name, text := range files {
		write(t, filepath.Join(root, name), text)
	}
	generated, err := codegen.Generate(root)
	if code := string(generated["events/lighthouse/events_gen.go"]); err != nil || !strings.Contains(code, "type LampLit struct") || !strings.Contains(code, "type LampLitV2 struct") {
		t.Errorf("generated %s, %v", code, err)
	}
	if got := checkout.Subscribers("lamp.lit.v1"); !slices.Equal(got, []string{"harbour"}) {
		t.Errorf("to the one before subscribe %v", got)
	}
	files, _, err = checkout.Event(scaffold.EventOptions{Type: "lamp.lit.v3", Producer: "buoy", Channel: events.SNS})
	schema := string(files["events/buoy/lamp.lit.v3.schema.json"])
	if err != nil || !strings.Contains(schema, `{"type": "lamp.lit.v3", "producer": "buoy", "channel": "sns", "subject": "lampId"}`) {
		t.Errorf("elsewhere it is %s, %v", schema, err)
	}
}
