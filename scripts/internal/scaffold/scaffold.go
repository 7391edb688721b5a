// Package scaffold writes the first version of a service or an event: files that compile, pass make check, and have a first
// test, example and story. It writes new files only.
//
// The templates are plain: what a person would write first, and then change.
package scaffold

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"go/format"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"example.com/troupe/scripts/internal/rename"
	"example.com/troupe/scripts/internal/stack"
)

//go:embed templates
var source embed.FS

var templates = template.Must(template.ParseFS(source, "templates/*.tmpl"))

// Checkout is a repository in which files are made.
type Checkout struct {
	Root     string
	Declared *stack.Declared
	Module   string

	// Generate makes the events' Go types anew.
	Generate func(ctx context.Context, root string) error
}

// Open reads a checkout.
func Open(root string) (*Checkout, error) {
	declared, err := stack.Load(root)
	if err != nil {
		return nil, err
	}
	module, err := rename.ModulePath(root)
	if err != nil {
		return nil, err
	}
	return &Checkout{Root: root, Declared: declared, Module: module, Generate: Generate}, nil
}

// Generate runs the checkout's own generator.
func Generate(ctx context.Context, root string) error {
	command := exec.CommandContext(ctx, "go", "run", "./scripts/generate")
	command.Dir = root
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("make the events' Go types: %w\n%s", err, out)
	}
	return nil
}

// ExistsError says that a file is there already.
type ExistsError struct{ File string }

func (e *ExistsError) Error() string {
	return e.File + " is there already, and nothing is overwritten: choose another name, or remove it"
}

// Files are new files, by their names from the root.
type Files map[string][]byte

// add renders a file. Go is formatted.
func (f Files) add(name, from string, data any) error {
	var text bytes.Buffer
	if err := templates.ExecuteTemplate(&text, from, data); err != nil {
		return fmt.Errorf("make %s: %w", name, err)
	}
	content := text.Bytes()
	if path.Ext(name) == ".go" {
		formatted, err := format.Source(content)
		if err != nil {
			return fmt.Errorf("make %s: %w", name, err)
		}
		content = formatted
	}
	f[name] = content
	return nil
}

// Names returns the files' names, sorted.
func (f Files) Names() []string { return slices.Sorted(maps.Keys(f)) }

// Events reports whether there are files of events among them: Go types are made of those.
func (f Files) Events() bool {
	return slices.ContainsFunc(f.Names(), func(name string) bool { return strings.HasPrefix(name, "events/") })
}

// Write writes files that are not there, and the types of the events among them. After an error none of them is left.
func (c *Checkout) Write(ctx context.Context, files Files) (err error) {
	for _, name := range files.Names() {
		if _, err := os.Lstat(filepath.Join(c.Root, name)); err == nil {
			return &ExistsError{name}
		}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.undo(files))
		}
	}()
	for _, name := range files.Names() {
		at := filepath.Join(c.Root, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(at, files[name], 0o644); err != nil {
			return err
		}
	}
	if !files.Events() {
		return nil
	}
	return c.Generate(ctx, c.Root)
}

// undo removes files, and the folders that were made for them.
func (c *Checkout) undo(files Files) (err error) {
	for _, name := range files.Names() {
		if failed := os.Remove(filepath.Join(c.Root, name)); failed != nil && !errors.Is(failed, os.ErrNotExist) {
			err = errors.Join(err, failed)
		}
		for folder := path.Dir(name); folder != "."; folder = path.Dir(folder) {
			if os.Remove(filepath.Join(c.Root, folder)) != nil {
				break // it holds something else
			}
		}
	}
	return err
}
