package schema_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"example.com/troupe/events/schema"
)

// load loads the contracts of this repository.
func load(t *testing.T) []schema.Event {
	t.Helper()
	if _, err := os.Stat("../manifest/service.schema.json"); err != nil {
		t.Fatalf("this is not the folder of the contracts: %v", err)
	}
	loaded, err := schema.Load(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

func TestEveryExampleKeepsToItsContract(t *testing.T) {
	for _, event := range load(t) {
		if len(event.Examples) == 0 {
			t.Errorf("%s has no example", event.File)
		}
		for _, example := range event.Examples {
			if err := schema.Validate(&event.Contract, example.Data); err != nil {
				t.Errorf("%s: %v", example.File, err)
			}
		}
	}
}

type node struct {
	Description          string
	Required             []string
	AdditionalProperties json.RawMessage // a map's values have a schema there
	Properties           map[string]node
	Defs                 map[string]node `json:"$defs"`
}

func TestEverySchemaIsDocumentedAndOpen(t *testing.T) {
	for _, event := range load(t) {
		var root node
		if err := json.Unmarshal(event.Schema, &root); err != nil {
			t.Fatal(err)
		}
		inspect(t, event.File, root)
		first, _, _ := strings.Cut(strings.TrimPrefix(event.Subject, "/"), "/") // the generator follows a pointer to its end
		if !slices.Contains(root.Required, first) {
			t.Errorf("%s: the subject %s is not required", event.File, event.Subject)
		}
	}
}

func inspect(t *testing.T, place string, n node) {
	t.Helper()
	if n.Description == "" {
		t.Errorf("%s has no description", place)
	}
	if string(n.AdditionalProperties) == "false" {
		t.Errorf("%s is closed: consumers must tolerate members that they do not know", place)
	}
	for name, property := range n.Properties {
		inspect(t, place+"/properties/"+name, property)
	}
	for name, def := range n.Defs {
		inspect(t, place+"/$defs/"+name, def)
	}
}
