package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/fixture"
	"example.com/troupe/scripts/internal/stack"
)

func TestDeclarations(t *testing.T) {
	root := fixture.Root(t)
	if err := declarationsOf(root); err != nil {
		t.Error(err)
	}
	const name = "a-name-of-twenty-two-x"
	rest := stack.Project + "--" + name + "-wave-measured-v1"
	env := strings.Repeat("e", 69-len(rest)) // the rule's name has 69 characters there, whatever the product is called
	if err := os.MkdirAll(filepath.Join(root, "services", name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "services", name, "service.json"), []byte(`{"name": "`+name+`", "description": "For the test.", "runtime": "lambda", "subscribes": [{"event": "wave.measured.v1"}]}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := declarationsOf(root); err != nil {
		t.Error(err)
	}
	if err := os.MkdirAll(filepath.Join(root, "terraform/env"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "terraform/env/"+env+".tfvars"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	want := env + ": the name of rule " + stack.Project + "-" + env + "-" + name + "-wave-measured-v1 has 69 characters; AWS accepts up to 64"
	if err := declarationsOf(root); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error = %v, want %s", err, want)
	}
}

// TestDeclarationsAreHeldToExamplesAndCode changes one file of the fixture at a time.
func TestDeclarationsAreHeldToExamplesAndCode(t *testing.T) {
	const quay = "package quay\n\nimport \"example.com/sea/events/harbour\"\n\nfunc (q Quay) Open() any {\n\treturn harbour.%s{ShipID: \"1\"}\n}\n"
	cases := map[string]struct{ file, text, want string }{
		"example":        {"events/harbour/ship.docked.v1.example.json", "{\"shipId\": \"ship-1\",\n \"berth\": 4}", "events/harbour/ship.docked.v1.example.json:2:2: /berth must be of type string, not number"},
		"broken example": {"events/harbour/ship.docked.v1.example.json", "{\"shipId\": \"ship-1\",\n \"berth\": }", "events/harbour/ship.docked.v1.example.json:2:11: it must be a JSON document"},
		"broken schema":  {"events/harbour/ship.docked.v1.schema.json", "{\"x-event\": {\n  oops", "events/harbour/ship.docked.v1.schema.json:2:3: it must be a JSON document"},
		"schema's type":  {"events/harbour/ship.docked.v1.schema.json", "{\n \"title\": 5}", "events/harbour/ship.docked.v1.schema.json:2:2: /title must be of another type than number"},
		"broken service": {"services/pilot/service.json", "{\n \"name\" \"pilot\"}", "services/pilot/service.json:2:9: it must be a JSON document"},
		"orphan":         {"events/harbour/ship.dockde.v1.example.json", `{}`, "events/harbour/ship.dockde.v1.example.json is no event's example"},
		"declared":       {"services/harbour/internal/quay/quay.go", strings.Replace(quay, "%s", "ShipDocked", 1), ""},
		"undeclared":     {"services/harbour/internal/quay/quay.go", strings.Replace(quay, "%s", "ShipSailed", 1), "services/harbour/internal/quay/quay.go:6:9: Quay.Open makes a ShipSailed: add ship.sailed.v1 to \"publishes\" of services/harbour/service.json"},
	}
	for name, c := range cases {
		root := fixture.Root(t)
		docked, err := os.ReadFile(filepath.Join(root, "events/harbour/ship.docked.v1.schema.json"))
		if err != nil {
			t.Fatal(err)
		}
		sailed := strings.NewReplacer("ship.docked.v1", "ship.sailed.v1", "ShipDocked", "ShipSailed").Replace(string(docked))
		for file, text := range map[string]string{
			"events/harbour/ship.sailed.v1.schema.json":  sailed,
			"events/harbour/ship.sailed.v1.example.json": `{"shipId": "ship-1", "berth": "east-4"}`,
			c.file: c.text,
		} {
			at := filepath.Join(root, file)
			if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o755), os.WriteFile(at, []byte(text), 0o644)); err != nil {
				t.Fatal(err)
			}
		}
		err = declarationsOf(root)
		told, isNotice := errors.AsType[notice](err)
		if c.want != "" && (err == nil || isNotice || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
		if c.want == "" && (!isNotice || !strings.Contains(string(told), "events/harbour/ship.sailed.v1.schema.json: no service publishes it")) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// TestAnEarlierVersionIsToldUntilItIsGone checks that an event with a later version is listed with its subscribers.
func TestAnEarlierVersionIsToldUntilItIsGone(t *testing.T) {
	root := fixture.Root(t)
	for _, end := range []string{".schema.json", ".example.json"} {
		text, err := os.ReadFile(filepath.Join(root, "events/harbour/ship.docked.v1"+end))
		if err != nil {
			t.Fatal(err)
		}
		later := strings.NewReplacer("ship.docked.v1", "ship.docked.v2", "ShipDocked", "ShipDockedV2").Replace(string(text))
		if err := os.WriteFile(filepath.Join(root, "events/harbour/ship.docked.v2"+end), []byte(later), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	pilot := filepath.Join(root, "services/pilot/service.json")
	for subscribers, want := range map[string]string{
		"ship.docked.v1": "events/harbour/ship.docked.v1.schema.json: there is ship.docked.v2; to this one still subscribes pilot",
		"fog.seen.v1":    "nobody here subscribes to this one any more: ask make contracts EVENT=ship.docked.v1 ENV=<env>, and then make remove EVENT=ship.docked.v1",
	} {
		declaration := `{"name": "pilot", "description": "For the test.", "runtime": "worker", "subscribes": [{"event": "` + subscribers + `"}]}`
		if err := os.WriteFile(pilot, []byte(declaration), 0o644); err != nil {
			t.Fatal(err)
		}
		if told, is := errors.AsType[notice](declarationsOf(root)); !is || !strings.Contains(string(told), want) {
			t.Errorf("%s: told %q, want %q", subscribers, told, want)
		}
	}
}
