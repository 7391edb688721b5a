package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/record"
)

// upstream is a copy of Troupe's repository.
type upstream struct {
	folder
	transform Transform
}

// fetch clones Troupe's repository into a new folder.
func fetch(ctx context.Context, from, into string, transform Transform) (upstream, error) {
	if _, err := os.Stat(from); err == nil {
		if from, err = filepath.Abs(from); err != nil {
			return upstream{}, err
		}
	}
	if _, err := folder(".").git(ctx, "clone", "--quiet", "--bare", from, into); err != nil {
		return upstream{}, fmt.Errorf("fetch Troupe from %s: %w", from, err)
	}
	return upstream{folder(into), transform}, nil
}

// ErrNoBase reports that the commit of Troupe on which a clone is based is unknown.
var ErrNoBase = errors.New("the commit of Troupe that this repository is based on is unknown: name it with BASE=…")

// base returns the commit of Troupe on which a clone is based: the one in its record, the last common commit, a
// commit with the same files (for a clone with a new history), or the version's tag.
func (u upstream) base(ctx context.Context, clone folder, r record.Record, to string) (string, error) {
	if commit := u.commit(ctx, r.Base); commit != "" {
		return commit, nil
	}
	roots, err := clone.git(ctx, "rev-list", "--max-parents=0", "HEAD")
	if err != nil {
		return "", err
	}
	if _, err := u.git(ctx, "fetch", "--quiet", string(clone), "HEAD:refs/clone"); err != nil {
		return "", fmt.Errorf("compare histories: %w", err)
	}
	if commit, err := u.git(ctx, "merge-base", "refs/clone", to); err == nil {
		return commit, nil
	}
	trees := map[string]bool{}
	for _, commit := range append(strings.Fields(roots), r.Base) {
		if tree, err := clone.git(ctx, "rev-parse", "--verify", "--quiet", commit+"^{tree}"); err == nil {
			trees[tree] = true
		}
	}
	history, err := u.git(ctx, "log", "--format=%H %T", to)
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(history) {
		if commit, tree, _ := strings.Cut(strings.TrimSpace(line), " "); trees[tree] {
			return commit, nil
		}
	}
	if commit := u.commit(ctx, "v"+r.Version); commit != "" {
		return commit, nil
	}
	return "", cli.Refuse("%w", ErrNoBase)
}

// transformed checks out a commit, transforms it, and returns it as a new commit with its version. It omits the
// record, because a clone's record is written rather than merged.
func (u upstream) transformed(ctx context.Context, commit string, r record.Record, parents ...string) (made, version string, err error) {
	tree := filepath.Join(filepath.Dir(string(u.folder)), commit)
	if _, err := u.git(ctx, "worktree", "add", "--quiet", "--force", "--detach", tree, commit); err != nil {
		return "", "", err
	}
	own, err := record.Read(tree)
	if err != nil {
		return "", "", err
	}
	if err := u.transform(ctx, tree, r); err != nil {
		return "", "", fmt.Errorf("transform Troupe's commit %.12s like this repository: %w", commit, err)
	}
	if err := os.RemoveAll(filepath.Join(tree, record.File)); err != nil {
		return "", "", err
	}
	at := folder(tree)
	if _, err := at.git(ctx, "add", "--all"); err != nil {
		return "", "", err
	}
	written, err := at.git(ctx, "write-tree")
	if err != nil {
		return "", "", err
	}
	arguments := append(append([]string{}, nobody...), "commit-tree", written, "-m", "Troupe "+own.Version)
	for _, parent := range parents {
		arguments = append(arguments, "-p", parent)
	}
	made, err = at.git(ctx, arguments...)
	return made, own.Version, err
}
