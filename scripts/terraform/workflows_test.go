package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var job = regexp.MustCompile(`(?m)^  ([a-z-]+):\n`)

// jobs returns the jobs of a workflow, by name.
func jobs(t *testing.T, name string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../.github/workflows", name))
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("this repository has other workflows")
	}
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), "\njobs:\n")
	found := map[string]string{}
	places := job.FindAllStringSubmatchIndex(after, -1)
	for i, at := range places {
		end := len(after)
		if i+1 < len(places) {
			end = places[i+1][0]
		}
		found[after[at[2]:at[3]]] = after[at[0]:end]
	}
	return found
}

// TestWorkflows holds that nothing is deployed untested, by whom the environment does not admit, or cut off half-way, and
// that a pull request changes nothing.
func TestWorkflows(t *testing.T) {
	for _, c := range []struct {
		workflow, job string
		has, not      []string
	}{
		{"deploy.yml", "deploy", []string{"needs: test", "environment: ${{", "cancel-in-progress: false", "github.ref == 'refs/heads/main'"}, []string{".ci/run"}},
		{"deploy.yml", "test", []string{"uses: ./.github/workflows/test.yml"}, []string{"id-token"}},
		{"check.yml", "plan", []string{"NO_LOCK=1", "cancel-in-progress: false"}, []string{"environment:", "make deploy"}},
		{"check.yml", "contracts", []string{"fetch-depth: 0", "make contracts BASE=", "head.repo.full_name == github.repository"}, []string{"id-token", "environment:"}},
		{"check.yml", "test", []string{"uses: ./.github/workflows/test.yml"}, []string{"id-token"}},
		{"test.yml", "test", []string{"bash .ci/run"}, []string{"id-token", "secrets."}},
	} {
		text := jobs(t, c.workflow)[c.job]
		for _, want := range c.has {
			if !strings.Contains(text, want) {
				t.Errorf("the job %s of %s has no %s", c.job, c.workflow, want)
			}
		}
		for _, unwanted := range c.not {
			if text == "" || strings.Contains(text, unwanted) {
				t.Errorf("the job %s of %s is not there, or has %s", c.job, c.workflow, unwanted)
			}
		}
	}
}

var used = regexp.MustCompile(`(?m)uses: ([^ ]+@.*)$`)

// TestActionsArePinned: a tag of an action can be moved to other code, which would run with the deploy role.
func TestActionsArePinned(t *testing.T) {
	files, err := filepath.Glob("../../.github/workflows/*.yml")
	if err != nil || len(files) == 0 {
		t.Skip("this repository has other workflows")
	}
	pinned := regexp.MustCompile(`^[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, action := range used.FindAllStringSubmatch(string(text), -1) {
			if !pinned.MatchString(action[1]) {
				t.Errorf("%s uses %s: pin it to a commit, with its version in a comment", filepath.Base(file), action[1])
			}
		}
	}
}

// TestAJobsCommentReplacesItsOwn runs .ci/comment with a gh that knows the comments of two jobs.
func TestAJobsCommentReplacesItsOwn(t *testing.T) {
	script, err := filepath.Abs("../../.ci/comment")
	if _, missing := os.Stat(script); err != nil || missing != nil {
		t.Skip("this repository has other workflows")
	}
	const gh = `#!/bin/sh
echo "$@" >>calls
case "$*" in *--jq*'### Contracts'*) echo 11; echo 12;; esac
`
	for title, want := range map[string]string{
		"Contracts": "--method PATCH repos/sea/charts/issues/comments/12 --field body=@comment.md",
		"Plan":      "--method POST repos/sea/charts/issues/7/comments --field body=@comment.md",
	} {
		folder := t.TempDir()
		if err := errors.Join(os.WriteFile(filepath.Join(folder, "gh"), []byte(gh), 0o755), os.WriteFile(filepath.Join(folder, "text"), []byte("a line\n"), 0o644)); err != nil {
			t.Fatal(err)
		}
		command := exec.CommandContext(t.Context(), "bash", script, title, "text")
		command.Dir = folder
		command.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"), "GITHUB_REPOSITORY=sea/charts", "PULL_REQUEST=7")
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		calls, _ := os.ReadFile(filepath.Join(folder, "calls"))
		comment, _ := os.ReadFile(filepath.Join(folder, "comment.md"))
		if !strings.Contains(string(calls), want) || string(comment) != "### "+title+"\n```\na line\n```\n" {
			t.Errorf("gh was called with\n%s\nwant %s\nfor\n%s", calls, want, comment)
		}
	}
}
