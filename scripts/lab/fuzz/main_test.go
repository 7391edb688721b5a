package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/troupe/scripts/internal/cli"
)

// checkout writes a checkout of two modules with three targets, one of which fails at once.
func checkout(t *testing.T) (root string) {
	t.Helper()
	root = t.TempDir()
	passing, failing := "func(*testing.T, []byte) {}", `func(t *testing.T, _ []byte) { t.Error("found") }`
	for name, text := range map[string]string{
		"go.mod":                  "module m\n\ngo 1.26\n",
		"services/.keep":          "",
		"a/a_test.go":             fuzzing("FuzzA", passing) + "\nfunc TestOther(*testing.T) {}\n",
		"a/a.go":                  "package p\n\nfunc FuzzNot() {}\n",
		"a/testdata/b/b_test.go":  fuzzing("FuzzTestdata", passing),
		".hidden/h_test.go":       fuzzing("FuzzHidden", passing),
		"inner/go.mod":            "module inner\n\ngo 1.26\n",
		"inner/deep/deep_test.go": fuzzing("FuzzDeep", failing),
	} {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func fuzzing(name, body string) string {
	return "package p\n\nimport \"testing\"\n\nfunc " + name + "(f *testing.F) {\n\tf.Add([]byte{1})\n\tf.Fuzz(" + body + ")\n}\n"
}

func TestFind(t *testing.T) {
	targets, err := find(checkout(t), regexp.MustCompile("."))
	if err != nil {
		t.Fatal(err)
	}
	if want := []target{{"a", "FuzzA"}, {filepath.Join("inner", "deep"), "FuzzDeep"}}; !slices.Equal(targets, want) {
		t.Errorf("found %v, want %v", targets, want)
	}
}

// TestFuzz checks that, with targets in two modules, a failure is named and the other targets still run.
func TestFuzz(t *testing.T) {
	t.Chdir(checkout(t))
	var out strings.Builder
	code := cli.Run(t.Context(), run, []string{"-time", "1s"}, cli.Terminal{Out: &out, Err: &out})
	if text := out.String(); code == 0 || !strings.Contains(text, "1 of 2 targets failed: inner/deep FuzzDeep") || !strings.Contains(text, "1/2 a FuzzA") {
		t.Errorf("code %d\n%s", code, text)
	}
}

// TestNothingToRun checks that a pattern without a matching target is an error.
func TestNothingToRun(t *testing.T) {
	var out strings.Builder
	if err := fuzz(t.Context(), &out, regexp.MustCompile("^FuzzNothing$"), time.Second); err == nil || !strings.Contains(err.Error(), "no fuzz target matches") {
		t.Errorf("%v", err)
	}
}
