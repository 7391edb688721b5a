// Package scaffold writes the first version of a service or an event: files that compile, pass make check, and
// contain a first test, example and story. It only writes new files.
//
// The templates are deliberately simple: what a developer would write first and then change.
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

// Checkout is a repository to which files are added.
type Checkout struct {
	Root     string
	Declared *stack.Declared
	Module   string

	// Generate generates the events' Go types.
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
		return fmt.Errorf("generate the events' Go types: %w\n%s", err, out)
	}
	return nil
}

// ExistsError reports that a file already exists.
type ExistsError struct{ File string }

func (e *ExistsError) Error() string {
	return e.File + " already exists, and nothing is overwritten: choose another name, or remove it"
}

// Files are new files by path, relative to the root.
type Files map[string][]byte

// add renders a template to a file, and formats Go.
func (f Files) add(name, from string, data any) error {
	var text bytes.Buffer
	if err := templates.ExecuteTemplate(&text, from, data); err != nil {
		return fmt.Errorf("create %s: %w", name, err)
	}
	content := text.Bytes()
	if path.Ext(name) == ".go" {
		formatted, err := format.Source(content)
		if err != nil {
			return fmt.Errorf("create %s: %w", name, err)
		}
		content = formatted
	}
	f[name] = content
	return nil
}

// Names returns the paths, sorted.
func (f Files) Names() []string { return slices.Sorted(maps.Keys(f)) }

// Events reports whether files of events are among them, for which Go types must be generated.
func (f Files) Events() bool {
	return slices.ContainsFunc(f.Names(), func(name string) bool { return strings.HasPrefix(name, "events/") })
}

// Write writes files that don't exist yet, and generates the types of new events. If it fails, it removes what it
// wrote.
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

// undo removes the files, and the folders created for them.
func (c *Checkout) undo(files Files) (err error) {
	for _, name := range files.Names() {
		if failed := os.Remove(filepath.Join(c.Root, name)); failed != nil && !errors.Is(failed, os.ErrNotExist) {
			err = errors.Join(err, failed)
		}
		for folder := path.Dir(name); folder != "."; folder = path.Dir(folder) {
			if os.Remove(filepath.Join(c.Root, folder)) != nil {
				break // it isn't empty
			}
		}
	}
	return err
}
