// Package cli contains what all commands share: their start, flags, error messages and exit codes.
//
// A command is a function that returns an error. An error other than an *ExitError ends it with ExitFailure. Refuse
// and Usage return errors with ExitUsage, which promises that nothing was done: a script can correct the call and try
// again. Only Main ends the process, so a test can run a command in the same way.
package cli

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"syscall"
)

// The exit codes of all commands; 0 means done, or help.
const (
	ExitFailure = 1
	ExitUsage   = 2 // wrong usage; nothing was done
)

// exitCodes is the end of every command's help.
const exitCodes = `
Exit codes: 0 done, 1 failed, 2 wrong usage and nothing was done. go run turns every failure into 1, and make into 2.
`

// Terminal is a command's input and output. Results go to Out, so that they can be piped; everything else goes to
// Err.
type Terminal struct {
	In       io.Reader
	Out, Err io.Writer
}

// Command runs a command. Its context ends when the user interrupts it.
type Command func(ctx context.Context, arguments []string, t Terminal) error

// Main is the main function of a command. SIGINT (Ctrl-C) and SIGTERM interrupt it. The go commands that it runs ignore
// a go.work in a folder above, as make does: such a workspace doesn't contain this repository's modules.
func Main(command Command) {
	_ = os.Setenv("GOWORK", "off") // fails only for a name that is no name
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := Run(ctx, command, os.Args[1:], Terminal{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// Run runs a command, prints its error and returns the exit code.
func Run(ctx context.Context, command Command, arguments []string, t Terminal) int {
	err := command(ctx, arguments, t)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return 0
	}
	exit, ok := errors.AsType[*ExitError](err)
	if !ok {
		exit = &ExitError{ExitFailure, err}
	}
	switch {
	case exit.Err == nil: // already printed
	case ctx.Err() != nil:
		fmt.Fprintln(t.Err, "interrupted:", err)
	default:
		fmt.Fprintln(t.Err, err)
	}
	return exit.Code
}

// ExitError is an error with an exit code. Err is nil if the error was already printed.
type ExitError struct {
	Code int
	Err  error
}

func (e *ExitError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("exit code %d", e.Code)
	}
	return e.Err.Error()
}

// Unwrap returns Err.
func (e *ExitError) Unwrap() error { return e.Err }

// Refuse returns the error for a mistake that was found before anything was done.
func Refuse(format string, args ...any) error {
	return &ExitError{ExitUsage, fmt.Errorf(format, args...)}
}

// Usage returns the error for a mistake in the command line.
func Usage(format string, args ...any) error {
	return Refuse("%w; -h shows examples", fmt.Errorf(format, args...))
}

// Count returns a number with its noun: "1 service", "2 services".
func Count(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, one)
}

// Thousands returns a number with commas: 1,234,567.
func Thousands(n int) string {
	text := strconv.Itoa(n)
	for at := len(text) - 3; at > 0 && text[at-1] != '-'; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

// PrintJSON prints a value as indented JSON.
func PrintJSON(out io.Writer, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}
