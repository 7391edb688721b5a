package stories_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"example.com/troupe/scripts/internal/stack"
)

// command is a built command of the repository.
type command struct {
	t    *testing.T
	at   *stack.Stack
	path string
}

func buildCommand(t *testing.T, at *stack.Stack, name string) command {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	build := exec.CommandContext(t.Context(), "go", "build", "-o", path, "./scripts/"+name)
	build.Dir = "../../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", name, err, out)
	}
	return command{t, at, path}
}

// run runs the command against the system, in its tree, and returns its exit code and output.
func (c command) run(ctx context.Context, arguments ...string) (code int, printed string) {
	c.t.Helper()
	cmd := exec.CommandContext(ctx, c.path, arguments...)
	cmd.Dir, cmd.Env = c.at.Declared().Root, append(os.Environ(), "AWS_ENDPOINT_URL="+c.at.Endpoint)
	out, err := cmd.CombinedOutput()
	if exit, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended {
		c.t.Fatal(err)
	} else if ended {
		code = exit.ExitCode()
	}
	return code, string(out)
}
