package main

import (
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
