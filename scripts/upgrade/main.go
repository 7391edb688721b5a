// Command upgrade merges a later version of Troupe into a repository that began as Troupe. See go run
// ./scripts/upgrade -h.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/record"
)

const help = `upgrade merges a later version of Troupe into a repository that was created from an earlier one by make adopt or make
rename.

It transforms both versions, the one that the repository is based on and the new one, as the repository was transformed: it
renames them, and removes the sample if that was removed. Then it merges the difference and commits it on the current
branch. What the repository has removed stays removed. .troupe.json records what is needed for that.

Examples:
  go run ./scripts/upgrade -from https://github.com/acme/troupe -dry-run    # show what would change
  go run ./scripts/upgrade -from https://github.com/acme/troupe -ref v1.1.0
  go run ./scripts/upgrade -from ../troupe

If there are conflicts, it exits with 1 and lists the files. Resolve them, git add them, and git commit; or give up with
git reset --hard.

Flags:
`

func main() { cli.Main(run) }

func run(ctx context.Context, arguments []string, t cli.Terminal) error {
	flags := cli.NewFlags("upgrade", help, t)
	u := upgrade{root: ".", transform: byItself, out: t.Out, progress: t.Err}
	flags.StringVar(&u.from, "from", "", "`repository` of Troupe: a URL or a folder")
	flags.StringVar(&u.ref, "ref", "HEAD", "the `version` to merge: a tag, a branch or a commit")
	flags.StringVar(&u.base, "base", "", "the `commit` of Troupe that this repository is based on, if it is unknown")
	flags.BoolVar(&u.dryRun, "dry-run", false, "show what would change, and change nothing")
	own := flags.String("transform", "", "transform this checkout of Troupe by a `record`: upgrade uses this")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if *own != "" {
		var r record.Record
		if err := json.Unmarshal([]byte(*own), &r); err != nil {
			return cli.Usage("-transform: %w", err)
		}
		return Apply(ctx, ".", r)
	}
	if u.from == "" {
		return cli.Usage("name Troupe's repository with -from")
	}
	return u.run(ctx)
}

// upgrade is one run of the command.
type upgrade struct {
	root            string
	from, ref, base string
	dryRun          bool
	transform       Transform
	out, progress   io.Writer
}

func (u upgrade) run(ctx context.Context) (err error) {
	clone := folder(u.root)
	if err := u.clean(ctx, clone); err != nil {
		return err
	}
	known, err := record.Read(u.root)
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "troupe-upgrade-")
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, os.RemoveAll(scratch)) }()
	old, latest, next, err := u.prepare(ctx, clone, scratch, known)
	if err != nil || latest == "" {
		return err
	}
	target := clone
	if u.dryRun {
		target = folder(filepath.Join(scratch, "try"))
		if _, err := clone.git(ctx, "worktree", "add", "--quiet", "--detach", string(target), "HEAD"); err != nil {
			return err
		}
		defer func() {
			_, failed := clone.git(context.WithoutCancel(ctx), "worktree", "remove", "--force", string(target))
			err = cmp.Or(err, failed)
		}()
	}
	m := &merge{clone: target, old: old, new: latest, scratch: scratch}
	if err := m.run(ctx); err != nil {
		return err
	}
	if err := m.note(ctx, next); err != nil {
		return err
	}
	return u.finish(ctx, m, known, next)
}

// clean refuses a work tree with changes, because they would mix with those of the new version.
func (u upgrade) clean(ctx context.Context, clone folder) error {
	changes, err := clone.git(ctx, "status", "--porcelain", "--untracked-files=no")
	if err != nil {
		return cli.Refuse("upgrade needs a git repository with a commit: %w", err)
	}
	if changes != "" {
		return cli.Refuse("commit or stash your changes first:\n%s", changes)
	}
	return nil
}

// prepare fetches both versions into this repository, transformed like it, and returns their commits and the new
// record. If the repository is up to date, it returns no commits.
func (u upgrade) prepare(ctx context.Context, clone folder, scratch string, known record.Record) (old, latest string, next record.Record, err error) {
	fmt.Fprintf(u.progress, "fetching %s …\n", u.from)
	troupe, err := fetch(ctx, u.from, filepath.Join(scratch, "troupe.git"), u.transform)
	if err != nil {
		return "", "", next, err
	}
	to := troupe.commit(ctx, u.ref)
	if to == "" {
		return "", "", next, cli.Refuse("%s has no version %s", u.from, u.ref)
	}
	root, err := filepath.Abs(u.root)
	if err != nil {
		return "", "", next, err
	}
	from := troupe.commit(ctx, u.base)
	if u.base != "" && from == "" {
		return "", "", next, cli.Refuse("%s has no commit %s", u.from, u.base)
	}
	if from == "" {
		if from, err = troupe.base(ctx, folder(root), known, to); err != nil {
			return "", "", next, err
		}
	}
	if _, err := troupe.git(ctx, "merge-base", "--is-ancestor", to, from); err == nil {
		fmt.Fprintf(u.out, "nothing to do: this repository already has %s of %s\n", u.ref, u.from)
		return "", "", next, nil
	}
	fmt.Fprintf(u.progress, "preparing the current version (%.12s) and the new one (%.12s) …\n", from, to)
	if old, _, err = troupe.transformed(ctx, from, known); err != nil {
		return "", "", next, err
	}
	next = known
	next.Base = to
	if latest, next.Version, err = troupe.transformed(ctx, to, known, old); err != nil {
		return "", "", next, err
	}
	if _, err := troupe.git(ctx, "update-ref", latestRef, latest); err != nil {
		return "", "", next, err
	}
	_, err = clone.git(ctx, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", string(troupe.folder), latestRef)
	return old, latest, next, err
}

// latestRef is the ref of the fetched new version.
const latestRef = "refs/upgrade/latest"

// finish commits the merge, or prints what is left to do.
func (u upgrade) finish(ctx context.Context, m *merge, known, next record.Record) error {
	changes, err := m.clone.git(ctx, "diff", "--cached", "--stat=120", "--no-renames", "HEAD")
	if err != nil {
		return err
	}
	title := fmt.Sprintf("Upgrade to Troupe %s", cmp.Or(next.Version, u.ref))
	if u.dryRun {
		fmt.Fprintln(u.out, changes)
	} else {
		lines := strings.Split(changes, "\n")
		fmt.Fprintf(u.out, "Troupe %s → %s:%s\n", cmp.Or(known.Version, "?"), cmp.Or(next.Version, "?"), lines[len(lines)-1])
	}
	list(u.out, "removed here, changed by the new version: stay removed", m.gone)
	list(u.out, "moved by the new version, with your changes", m.moved)
	if len(m.conflicts) > 0 {
		list(u.out, "changed on both sides: resolve these by hand", m.conflicts)
		if !u.dryRun {
			return fmt.Errorf("%s: resolve them, git add them, and git commit -m %q; or give up with git reset --hard", cli.Count(len(m.conflicts), "conflict"), title)
		}
		return &cli.ExitError{Code: cli.ExitFailure}
	}
	if u.dryRun {
		fmt.Fprintln(u.out, "no conflicts; nothing was changed")
		return nil
	}
	if err := u.regenerate(ctx, m); err != nil {
		fmt.Fprintf(u.progress, "the generated files could not be regenerated: run make generate docs\n%v\n", err)
	}
	commit := append(m.clone.identity(ctx), "commit", "--quiet", "-m", title+"\n\nFrom commit "+next.Base+".")
	if _, err := m.clone.git(ctx, commit...); err != nil {
		return fmt.Errorf("everything is merged, but not committed: %w", err)
	}
	fmt.Fprintln(u.out, "committed on the current branch\nnext: read CHANGELOG.md; make check test")
	return nil
}

// generators are the commands that write generated files, and what a new version must change for them to write others: no
// version of Troupe contains those of the owner's services and events.
var generators = []struct {
	command, writes string
	from            []string
}{
	{"./scripts/generate", "the events' types", []string{"scripts/generate", "scripts/internal/codegen"}},
	{"./scripts/docs", "the pages of services and events", []string{"scripts/docs", "scripts/internal/docs", "scripts/internal/topology", "events", "services", "terraform/env"}},
}

// regenerate regenerates the generated files.
func (u upgrade) regenerate(ctx context.Context, m *merge) error {
	for _, generator := range generators {
		changed, err := m.clone.names(ctx, append([]string{"diff", "--cached", "--name-only", "-z", "HEAD", "--"}, generator.from...)...)
		if err != nil {
			return err
		}
		if len(changed) == 0 {
			continue
		}
		fmt.Fprintf(u.progress, "generating %s …\n", generator.writes)
		command := exec.CommandContext(ctx, "go", "run", generator.command)
		command.Dir = string(m.clone)
		if out, err := command.CombinedOutput(); err != nil {
			return fmt.Errorf("%w\n%s", err, out)
		}
		if _, err := m.clone.git(ctx, "add", "--", "events"); err != nil {
			return err
		}
	}
	return nil
}

func list(out io.Writer, what string, names []string) {
	if len(names) > 0 {
		fmt.Fprintf(out, "%s:\n  %s\n", what, strings.Join(names, "\n  "))
	}
}
