package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// golden lists the direct dependencies, each with the reason for it: a new one is
// a decision.
//
//go:embed dependencies.txt
var golden string

// dependencies compares go.mod's direct requirements with the golden list.
func dependencies(ctx context.Context) error {
	text, err := output(ctx, "go", "mod", "edit", "-json")
	if err != nil {
		return err
	}
	var mod struct {
		Require []struct {
			Path     string
			Indirect bool
		}
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
	return compare(direct, reasons(golden))
}

// reasons reads lines of a module's path and why it is needed.
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

func compare(direct map[string]bool, reasons map[string]string) error {
	var errs []error
	for path := range direct {
		if reasons[path] == "" {
			errs = append(errs, fmt.Errorf("%s has no reason: add a line to scripts/check/dependencies.txt, or do without it", path))
		}
	}
	for path := range reasons {
		if !direct[path] {
			errs = append(errs, fmt.Errorf("%s is not in go.mod any more: take its line out of scripts/check/dependencies.txt", path))
		}
	}
	return errors.Join(errs...)
}
