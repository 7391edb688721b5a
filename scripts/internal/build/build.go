// Package build compiles services for this machine and packs them for the Lambda API.
//
// One run of the Go command builds all services. Its own cache decides what has changed, which is cheaper than any
// check of ours.
package build

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/pause"
	"example.com/troupe/scripts/internal/progress"
	"example.com/troupe/scripts/internal/trace"
)

// quiet is how long a build may take before the user sees a progress line.
const quiet = time.Second

// often is how often it sees one that isn't on a terminal, where the line can't be replaced.
const often = 15 * time.Second

// Deployed are the arguments of a build for AWS. They omit from a binary what differs between machines (paths, version
// control information, the build ID) and what AWS doesn't use (symbols, Lambda's old protocol and SQLite).
var Deployed = []string{"build", "-trimpath", "-buildvcs=false", "-tags=lambda.norpc,nosqlite", "-ldflags=-s -w -buildid="}

// Builder builds services of a checkout.
type Builder struct {
	Root string    // the repository
	Dir  string    // where the binaries are written
	Race bool      // with the race detector
	Log  io.Writer // receives progress messages of slow builds; may be nil
}

// CompileError is the output of the compiler or the linker.
type CompileError struct {
	Output string
}

func (e *CompileError) Error() string { return strings.TrimSpace(e.Output) }

// Path returns the path of a service's binary.
func (b Builder) Path(service string) string { return filepath.Join(b.Dir, service) }

// Build brings the binaries of services up to date. If the source doesn't compile, it returns a *CompileError and
// leaves the existing binaries unchanged.
func (b Builder) Build(ctx context.Context, services ...string) error {
	if len(services) == 0 {
		return nil
	}
	if err := os.MkdirAll(b.Dir, 0o755); err != nil {
		return fmt.Errorf("create the folder for binaries: %w", err)
	}
	packages := &packages{}
	defer b.progress(ctx, len(services), packages)()
	return run(ctx, b.Root, os.Environ(), b.Arguments(services...), packages)
}

// Go runs the Go command in a checkout to build something. If the source doesn't compile, it returns a *CompileError.
func Go(ctx context.Context, root string, environment []string, arguments ...string) error {
	return run(ctx, root, environment, arguments, &packages{})
}

func run(ctx context.Context, root string, environment, arguments []string, output *packages) error {
	command := exec.CommandContext(ctx, "go", arguments...)
	command.Dir, command.Env = root, environment
	command.Stdout, command.Stderr = output, output // a single writer: exec copies to it from one goroutine
	err := command.Run()
	if _, failed := err.(*exec.ExitError); failed && ctx.Err() == nil {
		return &CompileError{Output: output.rest()}
	}
	if err != nil {
		return fmt.Errorf("run go build: %w", err)
	}
	return nil
}

// Arguments returns the arguments with which the Go command builds services.
func (b Builder) Arguments(services ...string) []string {
	// Without version control information, a commit alone doesn't change the binary. Lambda's old runtime, go1.x, needs
	// net/rpc, whose use of reflection makes the linker keep every method there is. All else is as make's commands and
	// tests are built (see GOFLAGS in the Makefile), so that no package is compiled twice.
	arguments := []string{"build", "-v", "-buildvcs=false", "-tags=lambda.norpc", "-ldflags=-s -w", "-trimpath", "-o", b.Dir + string(filepath.Separator)}
	if b.Race {
		arguments = append(arguments, "-race")
	}
	for _, service := range services {
		arguments = append(arguments, "./services/"+service)
	}
	return arguments
}

// progress reports a slow build and how long it took. The caller calls done when the build has ended.
func (b Builder) progress(ctx context.Context, services int, compiled *packages) (done func()) {
	if b.Log == nil {
		return func() {}
	}
	start := time.Now()
	ctx, cancel := context.WithCancel(ctx)
	var showing sync.WaitGroup
	slow := false
	showing.Go(func() {
		if slow = pause.For(ctx, quiet); !slow {
			return
		}
		fmt.Fprintf(b.Log, "building %s (the first time takes several minutes: Go downloads and compiles what they use) …\n", cli.Count(services, "service"))
		state := func() string { return fmt.Sprintf("  %.0f s: %s", time.Since(start).Seconds(), compiled) }
		if trace.Coloured(b.Log) {
			defer progress.Show(ctx, b.Log, state)()
		}
		for pause.For(ctx, often) {
			if !trace.Coloured(b.Log) {
				fmt.Fprintln(b.Log, state())
			}
		}
	})
	return func() {
		cancel()
		showing.Wait() // after this, nothing writes to the log
		if slow {
			fmt.Fprintf(b.Log, "built in %.1f s\n", time.Since(start).Seconds())
		}
	}
}
