// Command local runs the troupe on this machine, and the local cloud alone for
// whoever wants an AWS endpoint. See go run ./scripts/local -h.
package main

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

// The exit codes.
const (
	exitFailure = 1
	exitUsage   = 2
)

// command is one subcommand: how it is called, and what it does with its arguments.
type command struct {
	name, what, examples string
	run                  func(ctx context.Context, flags *flag.FlagSet, arguments []string, out io.Writer) error
}

var commands = []command{
	{"up", "builds, wires and runs the troupe, and rebuilds what changes", upExamples, up},
	{"demo", "sends three orders through the troupe and shows what came of them", demoExamples, demo},
	{"cloud", "runs the local cloud alone, for any AWS client", cloudExamples, runCloud},
	{"operations", "lists what the local cloud knows of each AWS service, and what it does not", operationsExamples, operations},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// errSaid is an error that the user has read already.
var errSaid = errors.New("said")

func run(ctx context.Context, arguments []string, out, problems io.Writer) int {
	err := dispatch(ctx, arguments, out, problems)
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, errUsage):
		return exitUsage
	case !errors.Is(err, errSaid):
		fmt.Fprintln(problems, err)
	}
	return exitFailure
}

// errUsage says that the command line was not understood, which the user has read.
var errUsage = errors.New("usage")

func dispatch(ctx context.Context, arguments []string, out, problems io.Writer) error {
	if len(arguments) == 0 {
		usage(problems)
		return errUsage
	}
	for _, c := range commands {
		if c.name != arguments[0] {
			continue
		}
		flags := flag.NewFlagSet("local "+c.name, flag.ContinueOnError)
		flags.SetOutput(problems)
		flags.Usage = func() {
			fmt.Fprintf(flags.Output(), "local %s %s.\n\nExamples:\n%s\nFlags:\n", c.name, c.what, c.examples)
			flags.PrintDefaults()
		}
		return c.run(ctx, flags, arguments[1:], out)
	}
	if arguments[0] == "-h" || arguments[0] == "--help" || arguments[0] == "help" {
		usage(out)
		return nil
	}
	fmt.Fprintf(problems, "there is no command %q\n\n", arguments[0])
	usage(problems)
	return errUsage
}

func usage(w io.Writer) {
	fmt.Fprint(w, "Runs the troupe on this machine: go run ./scripts/local <command> [flags]\n\nCommands:\n")
	for _, c := range commands {
		fmt.Fprintf(w, "  %-10s %s\n", c.name, c.what)
	}
	fmt.Fprint(w, "\nExamples:\n")
	for _, c := range commands {
		fmt.Fprint(w, c.examples)
	}
	fmt.Fprint(w, "\ngo run ./scripts/local <command> -h lists the flags of a command.\n")
}

// parse reads a subcommand's flags; it takes no other arguments.
func parse(flags *flag.FlagSet, arguments []string) error {
	if err := flags.Parse(arguments); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return errUsage // flag has told the user
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(flags.Output(), "%q is no flag\n\n", flags.Arg(0))
		flags.Usage()
		return errUsage
	}
	return nil
}
