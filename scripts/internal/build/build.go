// Package build compiles services for this machine and packs them as the Lambda API
// wants them.
//
// All services are built by one run of the Go command, whose own cache decides what is
// to be done, so that a build with nothing changed costs less than anything that
// could guess it.
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

// quiet is how long a build may take before it is worth a line to the user.
const quiet = time.Second

// Builder builds services of a checkout.
type Builder struct {
	Root string    // the repository
	Dir  string    // where binaries go
	Race bool      // with the race detector
	Log  io.Writer // progress of what takes longer; may be nil
}

// CompileError is what the compiler, or the linker, says about the source.
type CompileError struct {
	Output string
}

func (e *CompileError) Error() string { return strings.TrimSpace(e.Output) }

// Path returns where a service's binary is.
func (b Builder) Path(service string) string { return filepath.Join(b.Dir, service) }

// Build brings the binaries of services up to date. A *CompileError says what is
// wrong with them; the binaries that were there are left as they are.
func (b Builder) Build(ctx context.Context, services ...string) error {
	if len(services) == 0 {
		return nil
	}
	if err := os.MkdirAll(b.Dir, 0o755); err != nil {
		return fmt.Errorf("make the folder for binaries: %w", err)
	}
	defer b.progress(len(services))()
	environment := append(os.Environ(), "CGO_ENABLED="+map[bool]string{true: "1", false: "0"}[b.Race])
	return Go(ctx, b.Root, environment, b.arguments(services)...)
}

// Go runs the Go command, to build, in a checkout. A *CompileError says what is wrong with the source.
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
	// Without the state of version control, a commit alone makes no new binary.
	arguments := []string{"build", "-buildvcs=false", "-ldflags=-s -w", "-o", b.Dir + string(filepath.Separator)}
	if b.Race {
		arguments = append(arguments, "-race") // and compiled as go test -race does, whose cache it shares
	} else {
		arguments = append(arguments, "-trimpath")
	}
	for _, service := range services {
		arguments = append(arguments, "./services/"+service)
	}
	return arguments
}

// progress says, of a build that takes long, that it is running and how long it took; call the function when it is done.
func (b Builder) progress(services int) (done func()) {
	if b.Log == nil {
		return func() {}
	}
	start := time.Now()
	said := make(chan struct{})
	timer := time.AfterFunc(quiet, func() {
		defer close(said)
		fmt.Fprintf(b.Log, "building %d services (the first time takes longer) …\n", services)
	})
	return func() {
		if !timer.Stop() {
			<-said // the log is its reader's again
			fmt.Fprintf(b.Log, "built in %.1f s\n", time.Since(start).Seconds())
		}
	}
}
