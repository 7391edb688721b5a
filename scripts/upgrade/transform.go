package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"example.com/troupe/scripts/internal/adopt"
	"example.com/troupe/scripts/internal/record"
	"example.com/troupe/scripts/internal/rename"
)

// Transform makes of a version of Troupe, at root, what its owner has made of theirs, by the record.
type Transform func(ctx context.Context, root string, r record.Record) error

// Apply is the Transform of this version.
func Apply(_ context.Context, root string, r record.Record) error {
	if r.Adopted != nil {
		_, err := adopt.Apply(root, adopt.Options{Module: r.Module, Project: r.Project, Keep: r.Adopted.Keep})
		return err
	}
	if r.Module != "" {
		if _, err := rename.Module(root, r.Module); err != nil {
			return err
		}
	}
	if r.Project != "" {
		if _, err := rename.Product(root, r.Project); err != nil {
			return err
		}
	}
	return nil
}

// byItself lets a version transform itself, as it did when its owner ran its commands; one that has no make upgrade is
// transformed as this version would be.
func byItself(ctx context.Context, root string, r record.Record) error {
	if _, err := os.Stat(filepath.Join(root, "scripts", "upgrade")); err != nil {
		return Apply(ctx, root, r)
	}
	text, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("encode the record: %w", err)
	}
	command := exec.CommandContext(ctx, "go", "run", "-buildvcs=false", "./scripts/upgrade", "-transform", string(text))
	command.Dir = root
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("go run ./scripts/upgrade -transform: %w\n%s", err, out)
	}
	return nil
}
