package main

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"example.com/troupe/scripts/internal/docs"
	"example.com/troupe/scripts/internal/record"
)

// merge merges the difference between two versions of Troupe into a clone's work tree.
//
// It doesn't use git's rename detection between clone and Troupe: one of the owner's services may resemble one of the
// removed sample.
type merge struct {
	clone    folder
	old, new string // commits of both versions, transformed like the clone
	scratch  string // folder for temporary files

	gone      []string // files that the new version changes and the clone has removed
	moved     []string // files that the new version moved, with the clone's changes
	conflicts []string // files that must be merged by hand
}

// run changes the work tree and the index. If it returns an error, nothing was merged. Conflicts are listed in
// conflicts.
func (m *merge) run(ctx context.Context) error {
	attributes := filepath.Join(m.scratch, "attributes")
	if err := os.WriteFile(attributes, []byte("go.sum merge=union\n"), 0o600); err != nil {
		return err
	}
	_, failed := m.clone.git(ctx, "-c", "core.attributesFile="+attributes, "-c", "rerere.enabled=false",
		"cherry-pick", "--no-commit", "--strategy-option=find-renames=100%", m.new)
	unmerged, err := m.unmerged(ctx)
	if err != nil {
		return err
	}
	if failed != nil && len(unmerged) == 0 {
		return fmt.Errorf("merge: %w", failed)
	}
	if err := m.leaveOut(ctx); err != nil {
		return err
	}
	renamed, err := m.renames(ctx)
	if err != nil {
		return err
	}
	for _, file := range unmerged {
		merged, err := m.settle(ctx, file, renamed[file.name])
		if err != nil {
			return err
		}
		if !merged {
			m.conflicts = append(m.conflicts, file.name)
		}
	}
	slices.Sort(m.conflicts)
	return nil
}

// unmergedFile is a file that git could not merge, with the existing versions: base, ours and theirs.
type unmergedFile struct {
	name   string
	blobs  [3]string
	exists [3]bool
}

func (m *merge) unmerged(ctx context.Context) ([]*unmergedFile, error) {
	lines, err := m.clone.names(ctx, "ls-files", "--unmerged", "-z")
	if err != nil {
		return nil, err
	}
	var files []*unmergedFile
	for _, line := range lines {
		var mode, blob string
		var stage int
		about, name, _ := strings.Cut(line, "\t")
		if _, err := fmt.Sscan(about, &mode, &blob, &stage); err != nil {
			return nil, fmt.Errorf("read git ls-files %q: %w", line, err)
		}
		if len(files) == 0 || files[len(files)-1].name != name {
			files = append(files, &unmergedFile{name: name})
		}
		last := files[len(files)-1]
		last.blobs[stage-1], last.exists[stage-1] = blob, true
	}
	return files, nil
}

// settle merges a file that git could not merge, and reports whether it succeeded.
func (m *merge) settle(ctx context.Context, file *unmergedFile, moved string) (merged bool, err error) {
	switch {
	case strings.HasPrefix(file.name, docs.Folder+"/") && file.exists[1]: // written anew afterwards
		text, err := m.clone.bytes(ctx, "cat-file", "blob", file.blobs[1])
		if err != nil {
			return false, err
		}
		return true, m.write(ctx, file.name, text)
	case file.exists == [3]bool{true, false, true}:
		m.gone = append(m.gone, file.name)
		return true, m.remove(ctx, file.name)
	case file.exists == [3]bool{true, true, false} && moved != "":
		return m.follow(ctx, file, moved)
	case file.exists == [3]bool{true, true, true} && path.Base(file.name) == "go.mod":
		return m.modules(ctx, file)
	}
	return false, nil
}

// remove removes a file from the index and the work tree.
func (m *merge) remove(ctx context.Context, name string) error {
	_, err := m.clone.git(ctx, "rm", "--quiet", "--force", "--", name)
	return err
}

// follow merges the clone's changes of a file into the file's new place.
func (m *merge) follow(ctx context.Context, file *unmergedFile, to string) (merged bool, err error) {
	theirs, err := m.clone.git(ctx, "rev-parse", m.new+":"+to)
	if err != nil {
		return false, err
	}
	names := []string{"ours", "before", "theirs"}
	for i, blob := range []string{file.blobs[1], file.blobs[0], theirs} {
		text, err := m.clone.bytes(ctx, "cat-file", "blob", blob)
		if err != nil {
			return false, err
		}
		names[i] = filepath.Join(m.scratch, names[i])
		if err := os.WriteFile(names[i], text, 0o600); err != nil {
			return false, err
		}
	}
	text, err := m.clone.bytes(ctx, append([]string{"merge-file", "--stdout"}, names...)...)
	if code := exitCode(err); err != nil && (code < 1 || code > 127) {
		return false, err
	} else if err != nil {
		return false, nil // both changed the same lines
	}
	if err := m.write(ctx, to, text); err != nil {
		return false, err
	}
	m.moved = append(m.moved, file.name+" → "+to)
	return true, m.remove(ctx, file.name)
}

// modules merges a go.mod. If it can't be parsed, it stays a conflict.
func (m *merge) modules(ctx context.Context, file *unmergedFile) (merged bool, err error) {
	var texts [3][]byte
	for i, blob := range file.blobs {
		if texts[i], err = m.clone.bytes(ctx, "cat-file", "blob", blob); err != nil {
			return false, err
		}
	}
	text, err := mergeModules(texts[0], texts[1], texts[2])
	if err != nil {
		return false, nil
	}
	return true, m.write(ctx, file.name, text)
}

// write writes an existing file and adds it to the index.
func (m *merge) write(ctx context.Context, name string, text []byte) error {
	at := filepath.Join(string(m.clone), name)
	info, err := os.Stat(at)
	if err != nil {
		return err
	}
	if err := os.WriteFile(at, text, info.Mode().Perm()); err != nil {
		return err
	}
	_, err = m.clone.git(ctx, "add", "--", name)
	return err
}

// renames returns the files that the new version moved, with their new places.
func (m *merge) renames(ctx context.Context) (map[string]string, error) {
	fields, err := m.clone.names(ctx, "diff", "--name-status", "-z", "--find-renames", "--diff-filter=R", m.old, m.new)
	if err != nil {
		return nil, err
	}
	moved := map[string]string{}
	for ; len(fields) >= 3; fields = fields[3:] {
		moved[fields[1]] = fields[2]
	}
	return moved, nil
}

// leaveOut removes new files below folders that the clone has removed: services of the sample, or the lab.
func (m *merge) leaveOut(ctx context.Context) error {
	added, err := m.clone.names(ctx, "diff", "--name-only", "-z", "--no-renames", "--diff-filter=A", m.old, m.new)
	if err != nil {
		return err
	}
	before, err := m.folders(ctx, m.old)
	if err != nil {
		return err
	}
	ours, err := m.folders(ctx, "HEAD")
	if err != nil {
		return err
	}
	for _, name := range added {
		for at := path.Dir(name); at != "."; at = path.Dir(at) {
			if !before[at] || ours[at] {
				continue
			}
			m.gone = append(m.gone, name)
			if err := m.remove(ctx, name); err != nil {
				return err
			}
			break
		}
	}
	return nil
}

// folders returns the folders of a commit.
func (m *merge) folders(ctx context.Context, commit string) (map[string]bool, error) {
	names, err := m.clone.names(ctx, "ls-tree", "-r", "-d", "-z", "--name-only", commit)
	found := map[string]bool{}
	for _, name := range names {
		found[name] = true
	}
	return found, err
}

// note writes the record of the clone's new base.
func (m *merge) note(ctx context.Context, r record.Record) error {
	if err := r.Write(string(m.clone)); err != nil {
		return err
	}
	_, err := m.clone.git(ctx, "add", "--", record.File)
	return err
}
