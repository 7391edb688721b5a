package build_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/build"
)

// repository returns a module with one service.
func repository(t *testing.T, source string) build.Builder {
	t.Helper()
	root := filepath.Join(t.TempDir(), "it's here") // a path that a shell must quote
	write(t, filepath.Join(root, "go.mod"), "module m\n\ngo 1.26\n")
	write(t, filepath.Join(root, "services/greeter/main.go"), source)
	return build.Builder{Root: root, Dir: filepath.Join(root, "bin")}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestBuildAndZip(t *testing.T) {
	b := repository(t, `package main; func main() { println("hello") }`)
	if err := b.Build(t.Context(), "greeter"); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(b.Path("greeter")).CombinedOutput(); err != nil || string(out) != "hello\n" {
		t.Fatalf("the binary: %q, %v", out, err)
	}
	packed, err := build.Zip(b.Path("greeter"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := build.Zip(b.Path("greeter"))
	if err != nil || !bytes.Equal(packed, again) {
		t.Errorf("the same binary made another zip, %v", err)
	}
	r, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	if f := r.File[0]; f.Name != "bootstrap" || f.Mode().Perm() != 0o755 {
		t.Errorf("entry = %s, %s", f.Name, f.Mode())
	}
	if out, err := exec.Command(unpack(t, r.File[0])).CombinedOutput(); err != nil || string(out) != "hello\n" {
		t.Errorf("what is packed says %q, %v", out, err)
	}
	write(t, b.Path("greeter"), "another")
	if other, err := build.Zip(b.Path("greeter")); err != nil || bytes.Equal(packed, other) {
		t.Errorf("another binary made the same zip, %v", err)
	}
}

// unpack writes a file of a zip where it can be run, and returns its path.
func unpack(t *testing.T, f *zip.File) string {
	t.Helper()
	entry, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(entry)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), f.Name)
	if err := os.WriteFile(path, content, f.Mode()); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCompileErrorLeavesTheOldBinary(t *testing.T) {
	b := repository(t, `package main; func main() { undefined() }`)
	write(t, b.Path("greeter"), "old")
	err := b.Build(t.Context(), "greeter")
	compile, ok := errors.AsType[*build.CompileError](err)
	if !ok || !strings.Contains(compile.Output, "undefined: undefined") {
		t.Errorf("error = %v, want the compiler's", err)
	}
	if old, err := os.ReadFile(b.Path("greeter")); err != nil || string(old) != "old" {
		t.Errorf("the old binary is now %q, %v", old, err)
	}
}
