package adopt

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestUpgrade adopts a clone of this repository, changes it as its owner, and upgrades it: without conflicts where
// both sides changed one file, with the sample still removed, and with current generated files.
func TestUpgrade(t *testing.T) {
	troupe := copied(t)
	clone := checkout{t, t.TempDir()}
	clone.run("git", "clone", "--quiet", troupe.root, ".")
	clone.run("go", "run", "./scripts/adopt", "-module", "zoo.example.org/acme/clinic")
	clone.commit()
	clone.run("go", "run", "./scripts/new", "-service", "booking", "-http", "POST /appointments", "-publishes", "appointment.requested.v1")
	clone.change("Makefile", "help: ## list the commands", "help: ## list our commands")
	clone.change("README.md", "# ", "# The services of ")
	clone.commit()

	troupe.change("Makefile", "check: ## ", "check: ## as ever, ")
	troupe.change("scripts/internal/codegen/events_gen.go.tmpl", "\n// Package {{.Name}} ", "\n// Package {{.Name}}, as generated, ")
	troupe.run("go", "run", "./scripts/generate")
	troupe.write("scripts/internal/fresh/fresh.go", "package fresh\n\nimport _ \""+module(troupe)+"/events\"\n")
	sample := strings.Fields(troupe.run("git", "ls-files", "services/*/service.json"))
	for _, name := range sample {
		troupe.change(name, "{", "{ ")
		troupe.write(filepath.Join(filepath.Dir(name), "later.go"), "package main\n")
	}
	troupe.write(".troupe.json", `{"version": "7.0.0"}`)
	troupe.commit()

	output := clone.run("go", "run", "./scripts/upgrade", "-from", troupe.root)
	if !strings.Contains(output, "→ 7.0.0") || clone.run("git", "status", "--porcelain") != "" {
		t.Errorf("it says\n%s", output)
	}
	for name, text := range map[string]string{
		"Makefile":                        "check: ## as ever, ",
		"README.md":                       "# The services of ",
		"scripts/internal/fresh/fresh.go": "zoo.example.org/acme/clinic/events",
		"events/booking/events_gen.go":    ", as generated, ",
		"events/greetings/events_gen.go":  ", as generated, ",
		".troupe.json":                    `"version": "7.0.0"`,
		"services/booking/service.json":   `"booking"`,
		"scripts/internal/stack/stack.go": "zoo.example.org/acme/clinic/scripts/internal/topology",
		"scripts/lab/go.mod":              "module zoo.example.org/acme/clinic/scripts/lab",
		"services/stories/booking.txtar":  "POST /appointments",
		"terraform/variables.tf":          `"clinic"`,
	} {
		if !strings.Contains(clone.read(name), text) {
			t.Errorf("%s has no %q", name, text)
		}
	}
	if !strings.Contains(clone.read("Makefile"), "list our commands") {
		t.Error("the owner's change of the Makefile is gone")
	}
	for _, name := range sample {
		if _, err := os.Stat(filepath.Join(clone.root, filepath.Dir(name))); err == nil {
			t.Errorf("%s has come back", filepath.Dir(name))
		}
	}
	clone.sound()
	clone.run("go", "test", "./services/booking/...")
}

// module returns the module path of a checkout.
func module(c checkout) string {
	line, _, _ := strings.Cut(c.read("go.mod"), "\n")
	return strings.TrimPrefix(line, "module ")
}
