package stories_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// checkout returns a copy of this repository, as far as services are built from it, with the services
// that a folder of testdata adds. Binaries are linked, so that only what is new is built.
func checkout(t *testing.T, added string) string {
	t.Helper()
	root := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum", "events", "services"} {
		duplicate(t, filepath.Join("../../..", name), filepath.Join(root, name))
	}
	for _, name := range []string{"bin", "bin-race"} {
		if binaries := filepath.Join("../../.troupe", name); exists(binaries) {
			link(t, binaries, filepath.Join(root, ".troupe", name))
		}
	}
	duplicate(t, filepath.Join("testdata", added), filepath.Join(root, "services"))
	return root
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// duplicate copies a file or a folder. Go files of testdata bear the suffix .txt, so that they are not
// taken for packages of this repository.
func duplicate(t *testing.T, from, to string) {
	t.Helper()
	walk(t, from, to, func(from, to string) error {
		content, err := os.ReadFile(from)
		if err != nil {
			return err
		}
		return os.WriteFile(strings.TrimSuffix(to, ".txt"), content, 0o644)
	})
}

func link(t *testing.T, from, to string) {
	t.Helper()
	walk(t, from, to, os.Link)
}

func walk(t *testing.T, from, to string, file func(from, to string) error) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(to, strings.TrimPrefix(path, from))
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		return file(path, target)
	})
	if err != nil {
		t.Fatal(err)
	}
}
