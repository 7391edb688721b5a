package codegen

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Regenerate is the command that updates stale files.
const Regenerate = "go generate ./events"

// Check returns an error that names the generated files that aren't what the schemas say now.
func Check(root string) error {
	_, stale, err := differing(root)
	if err != nil || len(stale) == 0 {
		return err
	}
	return fmt.Errorf("stale: %s\nrun: %s", strings.Join(stale, ", "), Regenerate)
}

// Write updates the generated files, and returns the names of those that it wrote.
func Write(root string) (written []string, err error) {
	files, stale, err := differing(root)
	if err != nil {
		return nil, err
	}
	for _, name := range stale {
		at := filepath.Join(root, name)
		next := filepath.Join(filepath.Dir(at), "."+filepath.Base(at)) // a build that runs meanwhile reads the whole file or the old one
		if err := errors.Join(os.WriteFile(next, files[name], 0o644), os.Rename(next, at)); err != nil {
			return written, err
		}
		written = append(written, name)
	}
	return written, nil
}

// differing returns the generated files, and the sorted names of those whose content on disk differs.
func differing(root string) (files map[string][]byte, names []string, err error) {
	if files, err = Generate(root); err != nil {
		return nil, nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		old, err := os.ReadFile(filepath.Join(root, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, nil, err
		}
		if err != nil || !bytes.Equal(old, files[name]) {
			names = append(names, name)
		}
	}
	return files, names, nil
}
