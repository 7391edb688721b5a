package docs_test

import (
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/docs"
	"example.com/troupe/scripts/internal/fixture"
)

var update = flag.Bool("update", false, "write testdata/sea.txtar anew")

const golden = "testdata/sea.txtar"

// write writes a file of a checkout.
func write(t *testing.T, root, name, text string) {
	t.Helper()
	at := filepath.Join(root, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o755), os.WriteFile(at, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
}

// sea returns the fixture with two environments on AWS, one of them in a region of its own.
func sea(t *testing.T) string {
	t.Helper()
	root := fixture.Root(t)
	write(t, root, "terraform/variables.tf", "variable \"region\" {\n  type = string\n  default = \"eu-north-1\"\n}\n")
	write(t, root, "terraform/env/dev.tfvars", "environment = \"dev\"\n")
	write(t, root, "terraform/env/prod.tfvars", "environment = \"prod\"\nregion      = \"sa-east-1\"\n")
	return root
}

// TestGenerate compares all files with those in testdata.
func TestGenerate(t *testing.T) {
	files, err := docs.Generate(sea(t), "fleet")
	if err != nil {
		t.Fatal(err)
	}
	var made txtar.Archive
	for name, text := range files {
		made.Files = append(made.Files, txtar.File{Name: name, Data: text})
	}
	slices.SortFunc(made.Files, func(a, b txtar.File) int { return strings.Compare(a.Name, b.Name) })
	if *update {
		if err := os.WriteFile(golden, txtar.Format(&made), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := txtar.ParseFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(made.Files, want.Files) {
		t.Errorf("other files than in %s; after a look at the difference, write them anew: go test ./scripts/internal/docs -update", golden)
	}
}

// TestWrite follows a checkout: fresh pages are left alone, an edited one is restored, and the page of what is gone is removed.
func TestWrite(t *testing.T) {
	root := sea(t)
	changed, err := docs.Write(root, "fleet")
	if err != nil || len(changed) < 10 {
		t.Fatalf("wrote %v, %v", changed, err)
	}
	if changed, err := docs.Write(root, "fleet"); err != nil || len(changed) > 0 {
		t.Errorf("wrote %v again, %v", changed, err)
	}
	if err := docs.Check(root, "fleet"); err != nil {
		t.Error(err)
	}
	write(t, root, "events/docs/services/gull.md", "edited")
	write(t, root, "events/docs/events/whale.seen.v1.md", "gone")
	write(t, root, "events/docs/events/whale.json", "somebody's own")
	const stale = "stale: events/docs/services/gull.md, events/docs/events/whale.seen.v1.md\nrun: make docs"
	if err := docs.Check(root, "fleet"); err == nil || err.Error() != stale {
		t.Errorf("says %v; want %s", err, stale)
	}
	changed, err = docs.Write(root, "fleet")
	if want := []string{"events/docs/services/gull.md", "events/docs/events/whale.seen.v1.md"}; err != nil || !slices.Equal(changed, want) {
		t.Errorf("changed %v, %v; want %v", changed, err, want)
	}
	if _, err := os.Stat(filepath.Join(root, "events/docs/events/whale.json")); err != nil {
		t.Errorf("a file that isn't a page is gone: %v", err)
	}
	if err := os.Remove(filepath.Join(root, "events/docs/README.md")); err != nil {
		t.Fatal(err)
	}
	if err := docs.Check(root, "fleet"); err == nil || !strings.Contains(err.Error(), "events/docs/README.md") {
		t.Errorf("a missing page isn't named: %v", err)
	}
}

// TestNothing documents a checkout without services, and one that is wrong.
func TestNothing(t *testing.T) {
	root := t.TempDir()
	write(t, root, "events/doc.go", "package events\n")
	files, err := docs.Generate(root, "fleet")
	if err != nil || !strings.Contains(string(files["events/docs/README.md"]), "There are no services yet") {
		t.Errorf("%v, %s", err, files["events/docs/README.md"])
	}
	write(t, root, "services/gull/service.json", `{"name": "gull", "description": "Cries.", "runtime": "lambda", "subscribes": [{"event": "fish.seen.v1"}]}`)
	if _, err := docs.Generate(root, "fleet"); err == nil || !strings.Contains(err.Error(), "services/gull/service.json:1:") {
		t.Errorf("an unknown event isn't refused at its place: %v", err)
	}
}

// document is the part of an AsyncAPI document that tests read.
type document struct {
	Info       struct{ Title string }
	Operations map[string]struct{ Action string }
	Channels   map[string]struct {
		Messages map[string]any
	}
	Components struct {
		Messages map[string]struct {
			CorrelationID json.RawMessage // none of an event from outside, which has no envelope
			Examples      []struct{ Payload json.RawMessage }
		}
		Schemas map[string]json.RawMessage
	}
}

func read(t *testing.T, text []byte, err error) (d document) {
	t.Helper()
	if err == nil {
		err = json.Unmarshal(text, &d)
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestApplication documents one service: only what it sends and receives.
func TestApplication(t *testing.T) {
	text, err := docs.Application(sea(t), "fleet", "buoy")
	d := read(t, text, err)
	if d.Info.Title != "buoy" || len(d.Operations) != 4 || len(d.Channels) != 3 || len(d.Components.Messages) != 3 || len(d.Components.Schemas) != 4 {
		t.Errorf("got %s", text)
	}
}

// TestMetadata checks that the document describes exactly the members of the envelope's metadata, and that its examples
// are as it says.
func TestMetadata(t *testing.T) {
	files, err := docs.Generate(sea(t), "fleet")
	d := read(t, files["events/docs/asyncapi.json"], err)
	compiled, err := schema.Compile("Metadata", d.Components.Schemas["Metadata"])
	if err != nil {
		t.Fatal(err)
	}
	for _, message := range d.Components.Messages {
		for _, example := range message.Examples {
			var envelope struct{ Metadata json.RawMessage }
			if err := json.Unmarshal(example.Payload, &envelope); err != nil {
				t.Fatal(err)
			}
			if message.CorrelationID == nil {
				continue
			}
			if found := compiled.Check(envelope.Metadata); len(found) > 0 {
				t.Errorf("%s: %v", envelope.Metadata, found)
			}
		}
	}
	var described struct {
		Required   []string
		Properties map[string]any
	}
	if err := json.Unmarshal(d.Components.Schemas["Metadata"], &described); err != nil {
		t.Fatal(err)
	}
	members := reflect.VisibleFields(reflect.TypeFor[events.Metadata]())
	for _, member := range members {
		name, optional := strings.CutSuffix(member.Tag.Get("json"), ",omitempty")
		if described.Properties[name] == nil || optional == slices.Contains(described.Required, name) {
			t.Errorf("%s isn't described as it is", name)
		}
	}
	if len(described.Properties) != len(members) {
		t.Errorf("it describes %d members; there are %d", len(described.Properties), len(members))
	}
}

// TestSchemas documents two events that share definitions and differ in one of the same name, with everything that a
// table of members shows.
func TestSchemas(t *testing.T) {
	root := t.TempDir()
	archive, err := txtar.ParseFile("testdata/shapes.txtar")
	if err != nil {
		t.Fatal(err)
	}
	tree, err := txtar.FS(archive)
	if err != nil {
		t.Fatal(err)
	}
	inputs, err := fs.Sub(tree, "in")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(root, inputs); err != nil {
		t.Fatal(err)
	}
	files, err := docs.Generate(root, "fleet")
	if err != nil {
		t.Fatal(err)
	}
	d := read(t, files["events/docs/asyncapi.json"], nil)
	for name, want := range map[string]string{
		"Money":                `{"type":"object","required":["cents"],"properties":{"cents":{"type":"integer"},"currency":{"description":"Of it.","allOf":[{"$ref":"#/components/schemas/Currency"}]}}}`,
		"Currency":             `{"type":"string","enum":["EUR","USD"]}`,
		"boat.sold.v1.Part":    `{"type":"object","properties":{"name":{"type":"string"},"parts":{"type":"array","items":{"$ref":"#/components/schemas/boat.sold.v1.Part"}}}}`,
		"boat.painted.v1.Part": `{"type":"string"}`,
		"boat.painted.v1.Side": `{"$ref":"#/components/schemas/boat.painted.v1.Part"}`,
	} {
		if got := compact(t, d.Components.Schemas[name]); got != compact(t, json.RawMessage(want)) {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	_, table, _ := strings.Cut(string(files["events/docs/events/boat.sold.v1.md"]), "| member |")
	table, _, _ = strings.Cut("| member |"+table, "\n\n")
	for _, file := range archive.Files {
		if file.Name == "want" && strings.TrimSpace(string(file.Data)) != table {
			t.Errorf("its table is\n%s\nwant\n%s", table, file.Data)
		}
	}
}

// compact returns a JSON document without blanks, its members by name.
func compact(t *testing.T, document json.RawMessage) string {
	t.Helper()
	var value any
	if err := json.Unmarshal(document, &value); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
