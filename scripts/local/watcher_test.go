package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestWatcher changes and deletes services. A deleted folder concerns all services: only the declarations say which
// one is gone.
func TestWatcher(t *testing.T) {
	root := t.TempDir()
	write := func(file, text string) {
		t.Helper()
		path := filepath.Join(root, file)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	for _, service := range []string{"buoy", "gull"} {
		write("services/"+service+"/service.json", "{}")
		write("services/"+service+"/main.go", "package main")
	}
	write("events/buoy/events_gen.go", "package buoy")
	w, err := watchSource(root)
	if err != nil {
		t.Fatal(err)
	}
	defer w.events.Close()
	next := func(what string, want ...string) {
		t.Helper()
		if got, err := w.next(t.Context()); err != nil || !slices.Equal(got, want) {
			t.Errorf("after %s: %q, %v; want %q", what, got, err, want)
		}
	}
	write("services/gull/main_test.go", "package main") // is not compiled
	write("services/buoy/main.go", "package main\n")
	next("a change of buoy", "buoy")
	if err := os.RemoveAll(filepath.Join(root, "services/gull")); err != nil {
		t.Fatal(err)
	}
	next("the deletion of gull")
	if err := os.Rename(filepath.Join(root, "services/buoy"), filepath.Join(t.TempDir(), "buoy")); err != nil {
		t.Fatal(err)
	}
	next("the move of buoy")
}
