// Package record reads and writes .troupe.json: the version of Troupe that a tree is based on, and how the tree was
// derived from it. make rename and make adopt write it; make upgrade needs it.
package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

// File is the record's name at the root of the repository.
const File = ".troupe.json"

// Record is the content of the file. In Troupe's own repository it contains only a version.
type Record struct {
	Version string   `json:"version"`           // of Troupe, as in CHANGELOG.md
	Base    string   `json:"base,omitempty"`    // the commit of Troupe's repository
	Module  string   `json:"module,omitempty"`  // the module's new path; "" is Troupe's
	Project string   `json:"project,omitempty"` // the product's new name; "" is Troupe's
	Adopted *Adopted `json:"adopted,omitempty"` // nil while the sample exists
}

// Adopted records that make adopt removed the sample.
type Adopted struct {
	Keep []string `json:"keep,omitempty"` // the services that stayed
}

// Read returns the record of a tree, or the zero Record if it has none.
func Read(root string) (Record, error) {
	var r Record
	text, err := os.ReadFile(filepath.Join(root, File))
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	if err != nil {
		return Record{}, fmt.Errorf("read %s: %w", File, err)
	}
	return r, nil
}

// Write writes the record of a tree.
func (r Record) Write(root string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("encode %s: %w", File, err)
	}
	return os.WriteFile(filepath.Join(root, File), append(text, '\n'), 0o644)
}

// Update changes the record of a tree. The first change also records the current commit, which in a fresh clone is
// one of Troupe's. Without git it records none, and make upgrade uses the version.
func Update(root string, change func(*Record)) error {
	r, err := Read(root)
	if err != nil {
		return err
	}
	if r.Base == "" {
		r.Base = head(root)
	}
	change(&r)
	return r.Write(root)
}

// head returns the commit of a tree, or "" if the tree isn't the root of a git repository.
func head(root string) string {
	if _, err := os.Stat(filepath.Join(root, ".git")); err != nil {
		return ""
	}
	commit, err := exec.Command("git", "-C", root, "rev-parse", "--verify", "--quiet", "HEAD").Output()
	if err != nil {
		return ""
	}
	return string(bytes.TrimSpace(commit))
}
