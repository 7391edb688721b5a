package stories_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/build"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/workers"
	"example.com/troupe/scripts/lab/fixture"
)

// tree returns a tree of the observatory and other fixtures that the test may change. Binaries are linked, so that
// only new services are built.
func tree(t *testing.T, more ...string) string {
	t.Helper()
	own := fixture.Tree(t, append([]string{"observatory"}, more...)...)
	binaries := filepath.Join(root, ".troupe", "bin")
	err := filepath.WalkDir(binaries, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(own, ".troupe", "bin", strings.TrimPrefix(path, binaries))
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		return os.Link(path, target)
	})
	if err != nil {
		t.Fatal(err)
	}
	return own
}

// TestServiceIsOneFolder adds a service to the observatory by adding its folder, and checks that it receives the
// events that it declares.
func TestServiceIsOneFolder(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	s, err := start(ctx, stack.Options{Root: tree(t, "greeter"), Only: []string{"greeter"}})
	if err != nil {
		t.Fatal(err)
	}
	defer closeStack(t, s)
	message := example(t, s, "observation.completed.v1", nil)
	publish(ctx, t, s, message)
	step, err := s.Steps.Find(ctx, func(step events.Step) bool {
		return step.Service == "greeter" && step.EventID == message.Envelope.Metadata.ID
	})
	if err != nil || step.Outcome != events.Handled {
		t.Errorf("the greeter's step: %+v, %v", step, err)
	}
}

// TestLyingManifest starts a binary whose handlers differ from its service.json.
func TestLyingManifest(t *testing.T) {
	t.Parallel()
	b := build.Builder{Root: fixture.Tree(t, "observatory", "liar"), Dir: filepath.Join(t.TempDir(), "bin")}
	if err := b.Build(t.Context(), "liar"); err != nil {
		t.Fatal(err)
	}
	p, err := workers.Start(workers.Spec{Name: "liar", Path: b.Path("liar"), Env: os.Environ()})
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Ready(t.Context())
	if err == nil {
		t.Fatal("it started")
	}
	for _, want := range []string{"exit status 2", "observation.withdrawn.v1, but no handler takes it", "handles observation.completed.v1, but service.json"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("it says %v\nand should say: %s", err, want)
		}
	}
}
