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

// Transform transforms a version of Troupe at root as its owner transformed theirs, according to the record.
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

// byItself transforms a version with its own command. A version without make upgrade is transformed by this one's.
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
