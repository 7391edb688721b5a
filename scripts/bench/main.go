package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"example.com/troupe/scripts/bench/null"
	"example.com/troupe/scripts/internal/stack"
)

// The exit codes.
const (
	exitFailure = 1
	exitUsage   = 2
)

const examples = `bench measures the local cloud and the dance on this machine.

  go run ./scripts/bench [flags]

Examples:
  go run ./scripts/bench                    # everything, in about four minutes, into scripts/bench/REPORT.md
  go run ./scripts/bench -quick             # less of everything, only to see that it works; prints the report
  go run ./scripts/bench -only sqs,sns      # some of it; prints the report

Flags:
`

// options are what the command line says.
type options struct {
	quick bool
	only  []string // names of parts; none stands for all
	out   string   // file; "" is standard output
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(os.Args) == 3 && os.Args[1] == nullCommand {
		os.Exit(code(null.Serve(ctx, os.Args[2], os.Stdout), os.Stderr))
	}
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

func run(ctx context.Context, arguments []string, out, problems io.Writer) int {
	o, err := parse(arguments, problems)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return exitUsage
	}
	return code(bench(ctx, o, out, problems), problems)
}

func code(err error, problems io.Writer) int {
	if err == nil {
		return 0
	}
	fmt.Fprintln(problems, err)
	return exitFailure
}

func parse(arguments []string, problems io.Writer) (o options, err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(problems)
	flags.BoolVar(&o.quick, "quick", false, "measure too little to mean anything, within a minute")
	only := flags.String("only", "", "measure these `parts` only: "+strings.Join(partNames(), ", "))
	flags.StringVar(&o.out, "o", "", "write the report to this `file`; - is standard output (default scripts/bench/REPORT.md for a whole run, else -)")
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), examples)
		flags.PrintDefaults()
	}
	if err := flags.Parse(arguments); err != nil {
		return o, err
	}
	if *only != "" {
		o.only = strings.Split(*only, ",")
	}
	if err := o.check(flags.Args()); err != nil {
		fmt.Fprintf(problems, "%v\n\n", err)
		flags.Usage()
		return o, err
	}
	return o, nil
}

func (o *options) check(arguments []string) error {
	if len(arguments) > 0 {
		return fmt.Errorf("%q is no flag", arguments[0])
	}
	for _, name := range o.only {
		if !slices.Contains(partNames(), name) {
			return fmt.Errorf("there is no part %q: there are %s", name, strings.Join(partNames(), ", "))
		}
	}
	return nil
}

// bench measures, and writes the report.
func bench(ctx context.Context, o options, out, problems io.Writer) error {
	root, err := stack.Root(".")
	if err != nil {
		return err
	}
	if o.out == "" && !o.quick && len(o.only) == 0 {
		o.out = filepath.Join(root, "scripts", "bench", "REPORT.md")
	}
	r, err := measure(ctx, root, o, problems)
	if err != nil {
		return err
	}
	text, err := r.render()
	if err != nil {
		return err
	}
	if o.out == "" || o.out == "-" {
		_, err = out.Write(text)
		return err
	}
	fmt.Fprintf(problems, "wrote %s\n", o.out)
	return os.WriteFile(o.out, text, 0o644)
}
