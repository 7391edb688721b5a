package contracts

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"

	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/stack"
)

// UnknownBaseError reports that the repository here has no such commit.
type UnknownBaseError struct{ Base string }

func (e *UnknownBaseError) Error() string {
	return fmt.Sprintf("%s can't be found here: git fetch origin, or name a commit, BASE=<commit>", e.Base)
}

// At reads what a checkout declared at a commit: where its branch left base, so that what base got since counts as nobody's
// change. It returns an *UnknownBaseError if there is no such commit.
func At(ctx context.Context, root, base string) (*stack.Declared, error) {
	if _, err := git(ctx, root, "rev-parse", "--quiet", "--verify", "--end-of-options", base+"^{commit}"); err != nil {
		return nil, &UnknownBaseError{base}
	}
	commit := base
	if fork, err := git(ctx, root, "merge-base", "HEAD", base); err == nil { // in a shallow clone there is none
		commit = strings.TrimSpace(string(fork))
	}
	archive, err := git(ctx, root, "archive", "--format=tar", commit)
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "contracts-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	if err := extract(archive, folder); err != nil {
		return nil, fmt.Errorf("read %s: %w", base, err)
	}
	declared := &stack.Declared{Root: folder}
	if declared.Contracts, err = schema.Load(os.DirFS(filepath.Join(folder, "events"))); err != nil {
		return nil, fmt.Errorf("at %s: events/%w", base, err)
	}
	if declared.Manifests, err = manifest.Load(os.DirFS(folder)); err != nil {
		declared.Manifests = nil // of another version of Troupe: the present ones say who subscribes
	}
	return declared, nil
}

// extract writes the declarations of an archive to a folder.
func extract(archive []byte, folder string) error {
	for reader := tar.NewReader(bytes.NewReader(archive)); ; {
		entry, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		isEvent := strings.HasPrefix(entry.Name, "events/") && path.Ext(entry.Name) == ".json"
		isService, _ := path.Match("services/*/service.json", entry.Name)
		if entry.Typeflag != tar.TypeReg || !isEvent && !isService || !filepath.IsLocal(entry.Name) {
			continue
		}
		name := filepath.Join(folder, filepath.FromSlash(entry.Name))
		data, err := io.ReadAll(reader)
		if err := errors.Join(err, os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, data, 0o644)); err != nil {
			return err
		}
	}
}

func git(ctx context.Context, root string, arguments ...string) ([]byte, error) {
	command := exec.CommandContext(ctx, "git", arguments...)
	command.Dir = root
	var problem bytes.Buffer
	command.Stderr = &problem
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("git %s: %w: %s", arguments[0], err, bytes.TrimSpace(problem.Bytes()))
	}
	return out, nil
}
