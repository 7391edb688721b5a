// Package build compiles services for this machine and packs them for the Lambda API.
//
// One run of the Go command builds all services. Its own cache decides what has changed, which is cheaper than any
// check of ours.
package build

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// quiet is how long a build may take before the user sees a progress line.
const quiet = time.Second

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
	defer b.progress()()
	environment := append(os.Environ(), "CGO_ENABLED="+map[bool]string{true: "1", false: "0"}[b.Race])
	return Go(ctx, b.Root, environment, b.arguments(services)...)
}

// Go runs the Go command in a checkout to build something. If the source doesn't compile, it returns a *CompileError.
func Go(ctx context.Context, root string, environment []string, arguments ...string) error {
	command := exec.CommandContext(ctx, "go", arguments...)
	command.Dir, command.Env = root, environment
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	err := command.Run()
	if _, failed := err.(*exec.ExitError); failed && ctx.Err() == nil {
		return &CompileError{Output: output.String()}
	}
	if err != nil {
		return fmt.Errorf("run go build: %w", err)
	}
	return nil
}

func (b Builder) arguments(services []string) []string {
	// Without version control information, a commit alone doesn't change the binary. Lambda's old runtime, go1.x, needs
	// net/rpc, whose use of reflection makes the linker keep every method there is.
	arguments := []string{"build", "-buildvcs=false", "-tags=lambda.norpc", "-ldflags=-s -w", "-o", b.Dir + string(filepath.Separator)}
	if b.Race {
		arguments = append(arguments, "-race") // go test -race compiles with the same flags, so the cache is shared
	} else {
		arguments = append(arguments, "-trimpath")
	}
	for _, service := range services {
		arguments = append(arguments, "./services/"+service)
	}
	return arguments
}

// progress reports a slow build and how long it took. The caller calls done when the build has ended.
func (b Builder) progress() (done func()) {
	if b.Log == nil {
		return func() {}
	}
	start := time.Now()
	reported := make(chan struct{})
	timer := time.AfterFunc(quiet, func() {
		defer close(reported)
		fmt.Fprintln(b.Log, "building services (the first time takes longer) …")
	})
	return func() {
		if !timer.Stop() {
			<-reported // after this, nothing writes to the log
			fmt.Fprintf(b.Log, "built in %.1f s\n", time.Since(start).Seconds())
		}
	}
}
