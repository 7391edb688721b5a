package simulation

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"example.com/troupe/scripts/lab/fixture"
	"example.com/troupe/scripts/lab/overlay"
)

// TestOtherSystems simulates systems unlike the sample: four services with stories and invariants, and one that only
// handles events, without either.
func TestOtherSystems(t *testing.T) {
	for name, make := range map[string]func(*testing.T) string{
		"observatory": func(t *testing.T) string { return fixture.Tree(t, "observatory") },
		"no stories":  noStories,
	} {
		t.Run(name, func(t *testing.T) {
			root, program := make(t), filepath.Join(t.TempDir(), "simulation.test")
			if err := overlay.Build(t.Context(), root, "./simulation", program, nil); err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), program, "-test.run=^TestNothingIsLost$", "-sim.report", "-sim.seeds=5", "-sim.customers=20")
			cmd.Dir = filepath.Join(root, overlay.Lab, "simulation")
			out, err := cmd.CombinedOutput()
			if err != nil || strings.Count(string(out), ": trace ") != 5 {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// noStories returns a tree with the observatory's herald and a desk that publishes nothing, so that customers publish
// examples.
func noStories(t *testing.T) string {
	root := fixture.Tree(t, "observatory")
	for _, folder := range []string{"services/desk", "services/dome", "services/scheduling", "services/stories", "services/invariants"} {
		if err := os.RemoveAll(filepath.Join(root, filepath.FromSlash(folder))); err != nil {
			t.Fatal(err)
		}
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(root, filepath.FromSlash(name)), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(root, "services", "desk"), 0o755); err != nil {
		t.Fatal(err)
	}
	write("services/desk/service.json", `{"name": "desk", "description": "Says how observations end.", "runtime": "lambda",
		"publishes": ["observation.completed.v1", "observation.withdrawn.v1"], "http": ["GET /"]}`)
	write("services/desk/main.go", `package main

import (
	_ "embed"
	"net/http"

	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/host"
)

//go:embed service.json
var manifest []byte

func main() {
	host.Main(manifest, func(rt *host.Runtime) error {
		rt.Handle("GET /", func(*eventing.Tx, http.ResponseWriter, *http.Request) error { return nil })
		return nil
	})
}
`)
	return root
}
