package docs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"example.com/troupe/scripts/internal/cli"
)

// Folder is where the generated files are, relative to the root of a checkout. Everything in it is generated.
const Folder = "events/docs"

// Regenerate is the command that updates stale files.
const Regenerate = "make docs"

// Check returns an error that names the generated files that aren't what the declarations say now. The project is the
// product's name, the prefix of all resource names.
func Check(root, project string) error {
	_, stale, gone, err := differing(root, project)
	if err != nil || len(stale)+len(gone) == 0 {
		return err
	}
	return fmt.Errorf("stale: %s\nrun: %s", strings.Join(append(stale, gone...), ", "), Regenerate)
}

// Write updates the generated files and removes those of services and events that are gone. It returns the names of the
// files that it changed.
func Write(root, project string) (changed []string, err error) {
	files, stale, gone, err := differing(root, project)
	if err != nil {
		return nil, err
	}
	for _, name := range stale {
		at := filepath.Join(root, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o755), os.WriteFile(at, files[name], 0o644)); err != nil {
			return changed, err
		}
		changed = append(changed, name)
	}
	for _, name := range gone {
		if err := os.Remove(filepath.Join(root, name)); err != nil {
			return changed, err
		}
		changed = append(changed, name)
	}
	return changed, nil
}

// Renew is Write for a command that has changed declarations. It says what it did; what keeps the pages from being written
// is no reason for such a command to fail, as make check will name it.
func Renew(out io.Writer, root, project string) {
	changed, err := Write(root, project)
	switch {
	case err != nil:
		fmt.Fprintf(out, "%s is not up to date; once this is mended, run %s:\n%v\n", Folder, Regenerate, err)
	case len(changed) > 0:
		fmt.Fprintf(out, "renewed %s in %s\n", cli.Count(len(changed), "file"), Folder)
	}
}

// differing returns the generated files, and the sorted names of those whose content on disk differs and of pages on disk
// that aren't among them.
func differing(root, project string) (files map[string][]byte, stale, gone []string, err error) {
	if files, err = Generate(root, project); err != nil {
		return nil, nil, nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		old, err := os.ReadFile(filepath.Join(root, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, nil, nil, err
		}
		if err != nil || !bytes.Equal(old, files[name]) {
			stale = append(stale, name)
		}
	}
	pages, err := fs.Glob(os.DirFS(root), path.Join(Folder, "*/*.md"))
	for _, name := range pages {
		if files[name] == nil {
			gone = append(gone, name)
		}
	}
	return files, stale, gone, err
}
