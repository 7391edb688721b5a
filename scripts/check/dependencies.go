package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// golden is a file next to each go.mod that lists the module's direct dependencies with the reason for each, so that
// a new one is a decision.
const golden = "dependencies.txt"

// dependencies compares each module's direct requirements with its list.
func dependencies(ctx context.Context) (err error) {
	for _, folder := range modules() {
		err = errors.Join(err, dependenciesOf(ctx, folder))
	}
	return err
}

func dependenciesOf(ctx context.Context, folder string) error {
	list := filepath.Join(folder, golden)
	if folder == "." {
		list = "scripts/check/" + golden
	}
	known, err := os.ReadFile(list)
	if err != nil {
		return err
	}
	text, err := output(ctx, "go", "-C", folder, "mod", "edit", "-json")
	if err != nil {
		return err
	}
	var mod struct {
		Require []struct {
			Path     string
			Indirect bool
		}
		Replace []struct{ Old struct{ Path string } } // our own modules, replaced by folders
	}
	if err := json.Unmarshal([]byte(text), &mod); err != nil {
		return fmt.Errorf("read go.mod: %w", err)
	}
	direct := map[string]bool{}
	for _, r := range mod.Require {
		if !r.Indirect {
			direct[r.Path] = true
		}
	}
	for _, ours := range mod.Replace {
		delete(direct, ours.Old.Path)
	}
	return compare(list, direct, reasons(string(known)))
}

// reasons parses lines of a module path and the reason for it.
func reasons(list string) map[string]string {
	found := map[string]string{}
	for line := range strings.Lines(list) {
		path, reason, _ := strings.Cut(strings.TrimSpace(line), " ")
		if path != "" && !strings.HasPrefix(path, "#") {
			found[path] = strings.TrimSpace(reason)
		}
	}
	return found
}

func compare(list string, direct map[string]bool, reasons map[string]string) error {
	var errs []error
	for path := range direct {
		if reasons[path] == "" {
			errs = append(errs, fmt.Errorf("%s has no reason: add a line to %s, or remove the dependency", path, list))
		}
	}
	for path := range reasons {
		if !direct[path] {
			errs = append(errs, fmt.Errorf("%s is no longer in go.mod: remove its line from %s", path, list))
		}
	}
	return errors.Join(errs...)
}
