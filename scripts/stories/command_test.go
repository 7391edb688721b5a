package stories_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// command is one of the repository's commands, built.
type command struct {
	t    *testing.T
	path string
}

func buildCommand(t *testing.T, name string) command {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	build := exec.CommandContext(t.Context(), "go", "build", "-o", path, "./scripts/"+name)
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", name, err, out)
	}
	return command{t, path}
}

// run runs the command against the troupe, and returns its exit code and all that it printed.
func (c command) run(ctx context.Context, arguments ...string) (code int, printed string) {
	c.t.Helper()
	cmd := exec.CommandContext(ctx, c.path, arguments...)
	cmd.Dir, cmd.Env = "../..", append(os.Environ(), "AWS_ENDPOINT_URL="+troupe.Endpoint)
	out, err := cmd.CombinedOutput()
	if exit, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended {
		c.t.Fatal(err)
	} else if ended {
		code = exit.ExitCode()
	}
	return code, string(out)
}
