package adopt

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"example.com/troupe/scripts/internal/rename"
	"example.com/troupe/scripts/internal/stories"
)

//go:embed all:_starter
var starter embed.FS

// Options configure Apply.
type Options struct {
	Module  string   // the module's new path; "" keeps it
	Project string   // the product's new name, the prefix of all resource names; "" keeps it
	Keep    []string // services of the sample to keep
}

// Apply adopts the checkout at root. It needs no network and no tools, and can be run again.
func Apply(root string, o Options) (*Plan, error) {
	plan, err := Survey(root, o.Keep)
	if err != nil {
		return nil, err
	}
	for _, entry := range plan.Remove {
		if err := os.RemoveAll(filepath.Join(root, entry)); err != nil {
			return nil, fmt.Errorf("remove %s: %w", entry, err)
		}
	}
	if err := cutStories(root, plan.Cut); err != nil {
		return nil, err
	}
	if plan.Starter {
		if err := writeStarter(root); err != nil {
			return nil, err
		}
	}
	if len(plan.Remove) > 0 {
		if err := adoptReadme(root, o.Project); err != nil {
			return nil, err
		}
	}
	if err := removeEmpty(root); err != nil {
		return nil, err
	}
	if o.Module != "" {
		if _, err := rename.Module(root, o.Module); err != nil {
			return nil, err
		}
	}
	if o.Project != "" {
		if _, err := rename.Product(root, o.Project); err != nil {
			return nil, err
		}
	}
	return plan, nil
}

// writeStarter writes the starter service with the checkout's current module path.
func writeStarter(root string) error {
	module, err := rename.ModulePath(root)
	if err != nil {
		return err
	}
	own, err := starterModule()
	if err != nil {
		return err
	}
	return fs.WalkDir(starter, "_starter", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := starter.ReadFile(name)
		if err != nil {
			return err
		}
		to := filepath.Join(root, filepath.FromSlash(strings.TrimPrefix(name, "_starter/")))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		return os.WriteFile(to, []byte(strings.ReplaceAll(string(text), own+"/", module+"/")), 0o644)
	})
}

// StarterService returns the name of the starter service, which replaces the sample.
func StarterService() (string, error) {
	found, err := fs.Glob(starter, "_starter/services/*/service.json")
	if err != nil || len(found) != 1 {
		return "", fmt.Errorf("the starter must have one service and has %d: %w", len(found), err)
	}
	return path.Base(path.Dir(found[0])), nil
}

// starterModule returns the module path in the starter's files, which make rename changes as well.
func starterModule() (string, error) {
	const import_ = "/services/kit/host\"\n"
	name, err := StarterService()
	if err != nil {
		return "", err
	}
	text, err := starter.ReadFile("_starter/services/" + name + "/main.go")
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(text)) {
		if module, ok := strings.CutSuffix(strings.TrimLeft(line, "\t\""), import_); ok {
			return module, nil
		}
	}
	return "", fmt.Errorf("the starter does not import the kit")
}

// removeEmpty removes empty folders of stories.
func removeEmpty(root string) error {
	for _, folder := range []string{stories.DemoFolder, stories.Folder} {
		entries, err := os.ReadDir(filepath.Join(root, folder))
		if err == nil && len(entries) == 0 {
			err = os.Remove(filepath.Join(root, folder))
		}
		if err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	return nil
}
