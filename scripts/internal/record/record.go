// Package record reads and writes .troupe.json: which version of Troupe a tree is based on, and how the tree was made out of
// it. make rename and make adopt write it, make upgrade needs it.
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

// Record is the content of the file. Troupe's own repository has a version only.
type Record struct {
	Version string   `json:"version"`           // of Troupe, as in CHANGELOG.md
	Base    string   `json:"base,omitempty"`    // the commit of Troupe's repository
	Module  string   `json:"module,omitempty"`  // its name since; "" is Troupe's
	Project string   `json:"project,omitempty"` // the product's name since; "" is Troupe's
	Adopted *Adopted `json:"adopted,omitempty"` // nil while the sample is there
}

// Adopted says that make adopt took the sample away.
type Adopted struct {
	Keep []string `json:"keep,omitempty"` // the services that stayed
}

// Read returns the record of a tree; the zero Record where there is none.
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

// Update changes the record of a tree. The first change also notes the commit that the tree is at: in a fresh clone it is
// Troupe's. Without git none is noted, and make upgrade goes by the version.
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

// head returns the commit that a tree is at, "" where it is not the root of a git repository.
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
