package overlay_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/troupe/scripts/lab/overlay"
)

// TestWrite writes the overlay of a small checkout and checks each file.
func TestWrite(t *testing.T) {
	root, folder := t.TempDir(), t.TempDir()
	for name, content := range map[string]string{
		"go.mod":                              "module example.org/harbour\n",
		"services/kit/host/main.go":           "package host\n\n// Main runs.\nfunc Main() {}\n",
		"services/kit/host/host.go":           "package host\n",
		"services/ferry/service.json":         "{}",
		"services/ferry/main.go":              "// Command ferry.\npackage main\n\nfunc main() { tie() }\n",
		"services/ferry/tie.go":               "package main\n\nfunc tie() {}\n",
		"services/ferry/main_test.go":         "package main\n",
		"services/ferry/texts/hello.txt":      "hello",
		"services/ferry/internal/x/x.go":      "package x\n",
		"services/invariants/check.go":        "package invariants\n\nfunc Check() {}\n",
		"services/invariants/check_test.go":   "package invariants\n\nfunc Reset() {}\n",
		"services/stories/crossing.txtar":     "settle\n",
		"services/kit/host/testdata/note.txt": "",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file, err := overlay.Write(root, folder, map[string][]byte{"services/ferry/tie.go": []byte("package main\n\nfunc tie() { knot() }\n")})
	if err != nil {
		t.Fatal(err)
	}
	got := read(t, root, file)
	for name, want := range map[string]string{
		"services/ferry/tie.go":                    "package main\n\nfunc tie() { knot() }\n",
		"services/ferry/simulated/tie.go":          "package simulated\n\nfunc tie() { knot() }\n",
		"services/ferry/simulated/main.go":         "// Command ferry.\npackage simulated\n\nfunc Main() { tie() }\n",
		"services/ferry/simulated/service.json":    "{}",
		"services/ferry/simulated/texts/hello.txt": "hello",
		"services/kit/host/main.go":                "package host\n\n// Main runs.\nfunc mainOfProcess() {}\n",
	} {
		if got[name] != want {
			t.Errorf("%s is\n%s\nand not\n%s", name, got[name], want)
		}
	}
	for _, name := range []string{"services/ferry/simulated/main_test.go", "services/ferry/simulated/internal/x/x.go", "services/kit/host/host.go"} {
		if content, there := got[name]; there {
			t.Errorf("%s is\n%s", name, content)
		}
	}
	for _, line := range []string{`"example.org/harbour/services/ferry/simulated"`, "service0.Main()", "domain.Check = invariants.Check", "linked = true"} {
		if !strings.Contains(got["scripts/lab/simulation/linked_test.go"], line) {
			t.Errorf("the simulation's file has no %s:\n%s", line, got["scripts/lab/simulation/linked_test.go"])
		}
	}
	if text := got["scripts/lab/chaos/linked_test.go"]; strings.Contains(text, "Reset") || strings.Contains(text, "ferry") || !strings.Contains(text, "domain.Check") {
		t.Errorf("the fault tests' file is\n%s", text)
	}
}

// read returns the files of an overlay by their path in the checkout.
func read(t *testing.T, root, file string) map[string]string {
	t.Helper()
	var o struct{ Replace map[string]string }
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &o)
	}
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for path, from := range o.Replace {
		name, err := filepath.Rel(root, path)
		if err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.ToSlash(name)] = string(content)
	}
	return files
}
