// Package cli is what all commands have in common: how they begin, how they say what is wrong, and with which exit code
// they end.
//
// A command is a function that returns an error. One that is no *ExitError ends it with ExitFailure; Refuse and Usage make
// those of ExitUsage, which promises that nothing was done: whoever calls a command from a script may mend the call and
// try again. Only the main function ends the process, so that a test runs a command as main does.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// The exit codes of all commands; 0 is for what is done, and for help.
const (
	ExitFailure = 1
	ExitUsage   = 2 // the command was used wrongly: nothing was done
)

// exitCodes ends the help of all commands.
const exitCodes = `
Exit codes of a built binary (go run makes 1 of all): 0 done, 1 failed, 2 used wrongly: nothing was done.
`

// Terminal is what the user types and reads. Results go to Out, so that they can be piped; all else goes to Err.
type Terminal struct {
	In       io.Reader
	Out, Err io.Writer
}

// Command does what a command is for. Its context ends when the user interrupts it.
type Command func(ctx context.Context, arguments []string, t Terminal) error

// Main is the main function of a command. Both signals interrupt it: Ctrl-C sends the one, and what runs it in the
// background the other.
func Main(command Command) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := Run(ctx, command, os.Args[1:], Terminal{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// Run runs a command, tells the user what went wrong, and returns the exit code.
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
	case exit.Err == nil: // the user has read it
	case ctx.Err() != nil:
		fmt.Fprintln(t.Err, "interrupted:", err)
	default:
		fmt.Fprintln(t.Err, err)
	}
	return exit.Code
}

// ExitError is an error with an exit code of its own. Without an Err there is nothing left to say: the user has read it.
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

// Unwrap returns the error itself.
func (e *ExitError) Unwrap() error { return e.Err }

// Refuse makes the error of a mistake that was found before anything was done.
func Refuse(format string, args ...any) error {
	return &ExitError{ExitUsage, fmt.Errorf(format, args...)}
}

// Usage makes the error of a mistake in the command line.
func Usage(format string, args ...any) error {
	return Refuse("%w; -h shows examples", fmt.Errorf(format, args...))
}
