package main

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/record"
	"example.com/troupe/scripts/internal/rename"
)

// first is the first version of a small Troupe: machinery, a sample, and a lab.
var first = map[string]string{
	".troupe.json":         `{"version": "1.0.0"}`,
	".gitignore":           "/bin/\n",
	"README.md":            "# Troupe\n\nsample\n\nmachinery\n",
	"go.mod":               "module example.com/stage\n\ngo 1.26\n\nrequire (\n\tgithub.com/a/a v1.0.0\n\tgithub.com/c/c v1.0.0\n)\n",
	"go.sum":               "github.com/a/a v1.0.0 h1:a\ngithub.com/c/c v1.0.0 h1:c\n",
	"scripts/machine.go":   "package scripts\n\nimport (\n\t_ \"example.com/stage/events\"\n\t_ \"github.com/a/a\"\n)\n\nvar first = 1\n\nvar second = 2\n\nvar third = 3\n",
	"scripts/place.go":     "package scripts\n\n// Here it stands.\nvar place = 1\n\nvar other = 2\n\nvar another = 3\n",
	"scripts/obsolete.go":  "package scripts\n",
	"lab/proof.go":         "package lab\n\nvar proof = 1\n",
	"events/doc.go":        "package events\n",
	"events/docs/a.md":     "first\n",
	"services/sample/s.go": "package sample\n\nvar price = 1\n",
}

// second contains the changes of the next version; "" removes a file.
var second = map[string]string{
	".troupe.json":           `{"version": "1.1.0"}`,
	"README.md":              "# Troupe\n\nsample\n\nbetter machinery\n",
	"go.mod":                 "module example.com/stage\n\ngo 1.26\n\nrequire (\n\tgithub.com/a/a v1.1.0\n\tgithub.com/c/c v1.1.0\n)\n",
	"go.sum":                 "github.com/a/a v1.1.0 h1:a1\ngithub.com/c/c v1.1.0 h1:c1\n",
	"scripts/machine.go":     strings.Replace(first["scripts/machine.go"], "third = 3", "third = 33", 1),
	"scripts/place.go":       "",
	"scripts/moved/place.go": strings.Replace(first["scripts/place.go"], "place = 1", "place = 11", 1),
	"scripts/obsolete.go":    "",
	"events/docs/a.md":       "second\n",
	"scripts/new.go":         "package scripts\n\nimport _ \"example.com/stage/events\"\n",
	"lab/proof.go":           "package lab\n\nvar proof = 2\n",
	"lab/more/more.go":       "package more\n",
	"services/sample/s.go":   "package sample\n\nvar price = 2\n",
	"services/sample/t.go":   "package sample\n",
}

// ours contains the owner's changes to the first version, whose module path had become zoo.example.org/acme/x.
var ours = map[string]string{
	"README.md":          "# Acme\n\nmachinery\n",
	"go.mod":             "module zoo.example.org/acme/x\n\ngo 1.26\n\nrequire (\n\tgithub.com/a/a v1.0.0\n\tgithub.com/b/b v1.0.0\n\tgithub.com/c/c v1.2.0\n)\n",
	"go.sum":             "github.com/a/a v1.0.0 h1:a\ngithub.com/b/b v1.0.0 h1:b\ngithub.com/c/c v1.2.0 h1:c2\n",
	"scripts/machine.go": "package scripts\n\nimport (\n\t_ \"github.com/a/a\"\n\t_ \"zoo.example.org/acme/x/events\"\n)\n\nvar first = 100\n\nvar second = 2\n\nvar third = 3\n",
	"scripts/place.go":   strings.Replace(first["scripts/place.go"], "another = 3", "another = 333", 1),
	"lab/proof.go":       "",
	"events/docs/a.md":   "ours\n",                         // generated: the new version's own command writes it anew
	"services/own/s.go":  "package own\n\nvar price = 1\n", // resembles the sample
}

// without removes the sample and renames, as make adopt does.
func without(ctx context.Context, root string, r record.Record) error {
	if r.Adopted != nil {
		readme := filepath.Join(root, "README.md")
		text, err := os.ReadFile(readme)
		err = errors.Join(err, os.WriteFile(readme, bytes.Replace(text, []byte("sample\n\n"), nil, 1), 0o644), os.RemoveAll(filepath.Join(root, "services")))
		if err != nil {
			return err
		}
	}
	_, err := rename.Module(root, r.Module)
	return err
}

// TestMain disables the user's git configuration, which upgrade must not need.
func TestMain(m *testing.M) {
	for name, value := range map[string]string{"GIT_CONFIG_GLOBAL": os.DevNull, "GIT_CONFIG_SYSTEM": os.DevNull} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// scene is a small Troupe with a clone.
type scene struct {
	*testing.T
	troupe, clone folder
	record        record.Record
}

func play(t *testing.T) *scene {
	t.Helper()
	t.Parallel() // they mostly wait for git
	s := &scene{T: t, troupe: folder(t.TempDir()), clone: folder(t.TempDir())}
	s.must(s.troupe, "init", "--quiet", "--initial-branch=main")
	s.commit(s.troupe, first)
	s.must(s.troupe, "tag", "v1.0.0")
	s.must(s.clone, "clone", "--quiet", string(s.troupe), ".")
	s.record = record.Record{Module: "zoo.example.org/acme/x", Adopted: &record.Adopted{}}
	s.adopt()
	s.commit(s.troupe, second)
	return s
}

// adopt adopts the clone and commits the owner's changes.
func (s *scene) adopt() {
	s.Helper()
	change := func(r *record.Record) { r.Module, r.Adopted = s.record.Module, s.record.Adopted }
	if err := errors.Join(record.Update(string(s.clone), change), without(s.Context(), string(s.clone), s.record)); err != nil {
		s.Fatal(err)
	}
	s.commit(s.clone, nil)
	s.commit(s.clone, ours)
}

func (s *scene) must(at folder, arguments ...string) string {
	s.Helper()
	out, err := at.git(s.Context(), append(slices.Clone(nobody), arguments...)...)
	if err != nil {
		s.Fatal(err)
	}
	return out
}

func (s *scene) commit(at folder, files map[string]string) {
	s.Helper()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		file := filepath.Join(string(at), name)
		err := os.MkdirAll(filepath.Dir(file), 0o755)
		if files[name] == "" {
			err = os.Remove(file)
		} else {
			err = errors.Join(err, os.WriteFile(file, []byte(files[name]), 0o644))
		}
		if err != nil {
			s.Fatal(err)
		}
	}
	s.must(at, "add", "--all")
	s.must(at, "commit", "--quiet", "-m", "work")
}

// upgrade runs the command on the clone and returns its output.
func (s *scene) upgrade(change func(*upgrade)) (string, error) {
	s.Helper()
	var out bytes.Buffer
	u := upgrade{root: string(s.clone), from: string(s.troupe), ref: "HEAD", transform: without, out: &out, progress: &out}
	if change != nil {
		change(&u)
	}
	err := u.run(s.Context())
	return out.String(), err
}

func (s *scene) read(name string) string {
	s.Helper()
	text, err := os.ReadFile(filepath.Join(string(s.clone), name))
	if err != nil {
		s.Error(err)
	}
	return string(text)
}

func (s *scene) there(name string) bool {
	_, err := os.Lstat(filepath.Join(string(s.clone), name))
	return err == nil
}

// TestBothSidesChanged upgrades a clone that has changed much, but none of the lines that the new version changes.
func TestBothSidesChanged(t *testing.T) {
	s := play(t)
	before := s.must(s.clone, "rev-parse", "HEAD")

	said, err := s.upgrade(func(u *upgrade) { u.dryRun = true })
	if err != nil || !strings.Contains(said, "no conflicts; nothing was changed") || !strings.Contains(said, "scripts/new.go") {
		t.Errorf("dry run: %v\n%s", err, said)
	}
	if s.must(s.clone, "rev-parse", "HEAD") != before || s.must(s.clone, "status", "--porcelain") != "" || strings.Contains(s.must(s.clone, "worktree", "list"), "try") {
		t.Error("a dry run changed the clone")
	}

	said, err = s.upgrade(nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	for name, want := range map[string]string{
		"README.md":              "# Acme\n\nbetter machinery\n",
		"go.mod":                 "module zoo.example.org/acme/x\n\ngo 1.26\n\nrequire (\n\tgithub.com/a/a v1.1.0\n\tgithub.com/b/b v1.0.0\n\tgithub.com/c/c v1.2.0\n)\n",
		"scripts/machine.go":     strings.Replace(ours["scripts/machine.go"], "third = 3", "third = 33", 1),
		"scripts/moved/place.go": strings.Replace(second["scripts/moved/place.go"], "another = 3", "another = 333", 1),
		"scripts/new.go":         "package scripts\n\nimport _ \"zoo.example.org/acme/x/events\"\n",
		"services/own/s.go":      ours["services/own/s.go"],
		"events/docs/a.md":       "ours\n",
	} {
		if got := s.read(name); got != want {
			t.Errorf("%s is\n%s\nnot\n%s", name, got, want)
		}
	}
	for _, line := range []string{"a v1.1.0 h1:a1", "b v1.0.0 h1:b", "c v1.2.0 h1:c2"} {
		if !strings.Contains(s.read("go.sum"), line) {
			t.Errorf("go.sum has no %s", line)
		}
	}
	for _, name := range []string{"services/sample", "lab", "scripts/obsolete.go", "scripts/place.go"} {
		if s.there(name) {
			t.Errorf("%s is there", name)
		}
	}
	for _, want := range []string{"lab/proof.go", "lab/more/more.go", "scripts/place.go → scripts/moved/place.go", "1.0.0 → 1.1.0"} {
		if !strings.Contains(said, want) {
			t.Errorf("the output lacks %q:\n%s", want, said)
		}
	}
	if s.must(s.clone, "status", "--porcelain") != "" || s.must(s.clone, "rev-parse", "HEAD^") != before {
		t.Error("it is not one commit on the current branch")
	}
	if r, err := record.Read(string(s.clone)); err != nil || r.Version != "1.1.0" || r.Base != s.must(s.troupe, "rev-parse", "HEAD") || r.Module != s.record.Module || r.Adopted == nil {
		t.Errorf("the record: %+v, %v", r, err)
	}
	if said, err := s.upgrade(nil); err != nil || !strings.Contains(said, "nothing to do") {
		t.Errorf("once more: %v\n%s", err, said)
	}
}

// TestSameLinesChanged checks that a conflict is listed, with both sides in the file.
func TestSameLinesChanged(t *testing.T) {
	s := play(t)
	s.commit(s.clone, map[string]string{"scripts/machine.go": strings.Replace(s.read("scripts/machine.go"), "third = 3", "third = 3000", 1)})
	if said, err := s.upgrade(func(u *upgrade) { u.dryRun = true }); err == nil || !strings.Contains(said, "by hand:\n  scripts/machine.go\n") {
		t.Errorf("dry run: %v\n%s", err, said)
	}
	said, err := s.upgrade(nil)
	if err == nil || !strings.Contains(err.Error(), "git add") || !strings.Contains(said, "by hand:\n  scripts/machine.go\n") {
		t.Fatalf("%v\n%s", err, said)
	}
	if text := s.read("scripts/machine.go"); !strings.Contains(text, "third = 3000\n") || !strings.Contains(text, "third = 33\n") || !strings.Contains(text, "<<<<<<<") {
		t.Errorf("the file lacks one of the sides:\n%s", text)
	}
	s.commit(s.clone, map[string]string{"scripts/machine.go": second["scripts/machine.go"]})
	if said, err := s.upgrade(nil); err != nil || !strings.Contains(said, "nothing to do") {
		t.Errorf("afterwards: %v\n%s", err, said)
	}
}

// TestHistoryBeginsAnew checks that, if a clone shares no commit with Troupe, its version is found by its files, by
// its tag, or by -base.
func TestHistoryBeginsAnew(t *testing.T) {
	for name, change := range map[string]struct {
		rewrite func(s *scene)
		upgrade func(*upgrade)
	}{
		"by its files": {func(s *scene) { s.adopt() }, nil},
		"by its tag": {func(s *scene) {
			s.adopt()
			if err := record.Update(string(s.clone), func(r *record.Record) { r.Base = "" }); err != nil {
				s.Fatal(err)
			}
			s.must(s.clone, "checkout", "--quiet", "--orphan", "squashed")
			s.commit(s.clone, nil)
		}, nil},
		"by -base": {func(s *scene) {
			s.must(s.troupe, "tag", "--delete", "v1.0.0")
			s.adopt()
			s.must(s.clone, "checkout", "--quiet", "--orphan", "squashed")
			s.commit(s.clone, nil)
		}, func(u *upgrade) { u.base = "HEAD^" }},
	} {
		t.Run(name, func(t *testing.T) {
			s := play(t)
			if err := os.RemoveAll(string(s.clone)); err != nil {
				t.Fatal(err)
			}
			if err := os.MkdirAll(string(s.clone), 0o755); err != nil {
				t.Fatal(err)
			}
			s.must(s.clone, "init", "--quiet", "--initial-branch=main")
			s.commit(s.clone, first)
			change.rewrite(s)
			if said, err := s.upgrade(change.upgrade); err != nil {
				t.Fatalf("%v\n%s", err, said)
			}
			if got := s.read("scripts/new.go"); !strings.Contains(got, "zoo.example.org/acme/x/events") {
				t.Error(got)
			}
		})
	}
}

// TestRefused checks that impossible upgrades are refused before anything changes.
func TestRefused(t *testing.T) {
	s := play(t)
	for name, c := range map[string]struct {
		change func(*upgrade)
		says   string
	}{
		"version":    {func(u *upgrade) { u.ref = "v9" }, "no version v9"},
		"base":       {func(u *upgrade) { u.base = "v9" }, "no commit v9"},
		"repository": {func(u *upgrade) { u.root = t.TempDir() }, "git repository"},
		"no base": {func(u *upgrade) {
			u.root = t.TempDir()
			at := folder(u.root)
			s.must(at, "init", "--quiet")
			s.commit(at, map[string]string{"a": "a"})
		}, "BASE="},
	} {
		said, err := s.upgrade(c.change)
		if exit, ok := errors.AsType[*cli.ExitError](err); !ok || exit.Code != cli.ExitUsage || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v\n%s", name, err, said)
		}
	}
	if err := os.WriteFile(filepath.Join(string(s.clone), "README.md"), []byte("changed"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := s.upgrade(nil); err == nil || !strings.Contains(err.Error(), "commit or stash your changes first") {
		t.Errorf("dirty: %v", err)
	}
}
