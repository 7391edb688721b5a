// Command local runs the troupe on this machine, or only the local cloud as an AWS endpoint. See go run
// ./scripts/local -h.
package main

import (
	"context"
	"fmt"
	"io"

	"example.com/troupe/scripts/internal/cli"
)

// command is one subcommand.
type command struct {
	name, what, examples string
	run                  func(ctx context.Context, flags *cli.Flags, arguments []string, out io.Writer) error
}

var commands = []command{
	{"up", "builds, wires and runs the troupe, and rebuilds what changes", upExamples, up},
	{"run", "builds and runs one service by hand, beside an up that leaves it out", runExamples, runService},
	{"demo", "plays the stories of services/stories/demo and shows what they caused", demoExamples, demo},
	{"cloud", "runs only the local cloud, for any AWS client", cloudExamples, runCloud},
}

func main() {
	pace()
	cli.Main(run)
}

func run(ctx context.Context, arguments []string, t cli.Terminal) error {
	if len(arguments) == 0 {
		usage(t.Err)
		return &cli.ExitError{Code: cli.ExitUsage}
	}
	for _, c := range commands {
		if c.name == arguments[0] {
			help := fmt.Sprintf("local %s %s.\n\nExamples:\n%s\nFlags:\n", c.name, c.what, c.examples)
			return c.run(ctx, cli.NewFlags("local "+c.name, help, t), arguments[1:], t.Out)
		}
	}
	if arguments[0] == "-h" || arguments[0] == "--help" || arguments[0] == "help" {
		usage(t.Out)
		return nil
	}
	return cli.Usage("there is no command %q", arguments[0])
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
