package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"example.com/troupe/scripts/internal/build"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/stack"
)

const runExamples = `  go run ./scripts/local run -service reminders                        # beside make up WITHOUT=reminders
  go run ./scripts/local run -service reminders -debug 127.0.0.1:2345  # under Delve, to which an editor connects
`

// runService builds a service that a running make up leaves out, and becomes its process.
func runService(ctx context.Context, flags *cli.Flags, arguments []string, _ io.Writer) error {
	service := flags.String("service", "", "run this `service`")
	debug := flags.String("debug", "", "run it under Delve, which waits for an editor at this `address`")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if *service == "" {
		return cli.Usage("name the service to run: -service <name>, or SERVICE=<name> for make")
	}
	declared, err := stack.Here()
	if err != nil {
		return err
	}
	variables, err := declared.Variables(*service)
	if err != nil {
		return err
	}
	builder := build.Builder{Root: declared.Root, Dir: filepath.Join(declared.Root, ".troupe", "run"), Log: flags.Output()}
	command := []string{builder.Path(*service)}
	if *debug == "" {
		err = builder.Build(ctx, *service)
	} else if command, err = underDelve(*debug, command[0]); err == nil {
		// An editor finds breakpoints by the paths of files, and values where our own packages are not optimised.
		err = build.Go(ctx, declared.Root, os.Environ(), "build", "-trimpath=false", "-gcflags=./...=-N -l", "-o", builder.Path(*service), "./services/"+*service)
	}
	if err != nil {
		return err
	}
	if err := syscall.Exec(command[0], command, append(without(os.Environ(), "AWS_", "DATABASE_URL="), variables...)); err != nil {
		return fmt.Errorf("run %s: %w", strings.Join(command, " "), err)
	}
	return nil
}

// underDelve returns the command that runs a binary under Delve.
func underDelve(address, binary string) ([]string, error) {
	delve, err := exec.LookPath("dlv")
	if err != nil {
		return nil, errors.New("dlv is not installed: go install github.com/go-delve/delve/cmd/dlv@latest installs Delve, Go's debugger")
	}
	return []string{delve, "exec", "--headless", "--listen=" + address, "--accept-multiclient", binary}, nil
}

// without returns the variables that begin with none of the prefixes: those of a shell must not reach a service.
func without(environment []string, prefixes ...string) (left []string) {
next:
	for _, variable := range environment {
		for _, prefix := range prefixes {
			if strings.HasPrefix(variable, prefix) {
				continue next
			}
		}
		left = append(left, variable)
	}
	return left
}
