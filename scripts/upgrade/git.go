package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// folder is a git repository or a work tree.
type folder string

// GitError reports that a git command failed, with git's output.
type GitError struct {
	Command string
	Output  string
	Err     error
}

func (e *GitError) Error() string {
	return fmt.Sprintf("git %s: %v\n%s", e.Command, e.Err, strings.TrimSpace(e.Output))
}

// Unwrap returns the process's error.
func (e *GitError) Unwrap() error { return e.Err }

// git runs git in the folder and returns its output. It doesn't depend on the user's configuration.
func (f folder) git(ctx context.Context, arguments ...string) (string, error) {
	text, err := f.bytes(ctx, arguments...)
	return strings.TrimSpace(string(text)), err
}

// bytes runs git and returns its output untrimmed.
func (f folder) bytes(ctx context.Context, arguments ...string) ([]byte, error) {
	settings := []string{"-C", string(f), "-c", "core.autocrlf=false", "-c", "core.quotePath=false", "-c", "advice.detachedHead=false"}
	command := exec.CommandContext(ctx, "git", append(settings, arguments...)...)
	var out, said bytes.Buffer
	command.Stdout, command.Stderr = &out, &said
	if err := command.Run(); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return out.Bytes(), &GitError{Command: strings.Join(arguments, " "), Output: out.String() + said.String(), Err: err}
	}
	return out.Bytes(), nil
}

// names runs a git command that prints names separated by NUL.
func (f folder) names(ctx context.Context, arguments ...string) ([]string, error) {
	text, err := f.bytes(ctx, arguments...)
	if err != nil || len(text) == 0 {
		return nil, err
	}
	return strings.Split(strings.TrimSuffix(string(text), "\x00"), "\x00"), nil
}

// commit returns the commit of a name, or "" if there is none.
func (f folder) commit(ctx context.Context, name string) string {
	if name == "" {
		return ""
	}
	commit, err := f.git(ctx, "rev-parse", "--verify", "--quiet", name+"^{commit}")
	if err != nil {
		return ""
	}
	return commit
}

// identity returns the settings for a commit if the user has no name configured.
func (f folder) identity(ctx context.Context) []string {
	if os.Getenv("GIT_AUTHOR_EMAIL") != "" {
		return nil
	}
	if email, err := f.git(ctx, "config", "user.email"); err == nil && email != "" {
		return nil
	}
	return nobody
}

// nobody is the author of temporary commits.
var nobody = []string{"-c", "user.name=make upgrade", "-c", "user.email=upgrade@localhost"}

// exitCode returns a failed command's exit code, or -1 if it did not run.
func exitCode(err error) int {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode()
	}
	return -1
}
