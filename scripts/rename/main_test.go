package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestRename(t *testing.T) {
	files := map[string]struct{ before, after string }{
		"go.mod":               {"module example.com/troupe\n\ngo 1.26\n", "module github.com/acme/shop\n\ngo 1.26\n"},
		"services/pay/main.go": {"import \"example.com/troupe/events\"\n", "import \"github.com/acme/shop/events\"\n"},
		"README.md":            {"no path here\n", "no path here\n"},
		".git/config.go":       {"example.com/troupe\n", "example.com/troupe\n"},
	}
	folder := t.TempDir()
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text.before), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	changed, err := rename(folder, "github.com/acme/shop")
	if err != nil || changed != 2 {
		t.Errorf("rename changed %d files, %v; want 2", changed, err)
	}
	for name, text := range files {
		got, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil || string(got) != text.after {
			t.Errorf("%s = %q, %v; want %q", name, got, err, text.after)
		}
	}
}

func TestModulePaths(t *testing.T) {
	for path, want := range map[string]bool{
		"github.com/acme/shop": true,
		"example.com":          true,
		"shop":                 false,
		"github.com/acme shop": false,
		"../shop":              false,
	} {
		if got := valid.MatchString(path); got != want {
			t.Errorf("valid(%q) = %v, want %v", path, got, want)
		}
	}
}
