package main

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// moduleRoot returns the nearest folder with a go.mod: go generate runs in the package's folder, a person mostly at
// the root.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
	}
	return "", errors.New("no go.mod here or above: run this inside the repository")
}

// differing returns the files whose content on disk differs, sorted.
func differing(root string, files map[string][]byte) ([]string, error) {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		old, err := os.ReadFile(filepath.Join(root, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if err != nil || !bytes.Equal(old, files[name]) {
			names = append(names, name)
		}
	}
	return names, nil
}
