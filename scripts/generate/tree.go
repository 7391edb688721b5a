package main

import (
	"errors"
	"os"
	"path/filepath"
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
