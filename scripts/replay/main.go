// Command replay hands events of the bus's archive to services again, on this machine or on AWS. See
// go run ./scripts/replay -h.
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
	"time"

	"example.com/troupe/scripts/internal/archive"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/stack"
)

// The exit codes.
const (
	exitFailure = 1 // something failed, or a service did
	exitUsage   = 2 // the command line is wrong, or nobody said yes: nothing was replayed
)

const examples = `replay hands events of the archive to services again. What a service has handled, it ignores.

  go run ./scripts/replay -from <time> -to <time> [flags]

Times are of RFC 3339, or how long ago (-2h), or now.

Examples:
  go run ./scripts/replay -from -2h -to now -dry-run                # shows what would come again
  go run ./scripts/replay -from -2h -to -1h -service payments       # to one service only
  go run ./scripts/replay -from 2026-11-24T08:00:00Z -to 2026-11-24T09:30:00Z -env dev

The archive holds what went over the bus. Facts that go through SNS, and reminders that a service sends to itself, are
not in it.

Exit codes: 0 done, 1 something failed, 2 the command line is wrong or nobody said yes.

Flags:
`

// options are what the command line says.
type options struct {
	within   archive.Range
	service  string
	dryRun   bool
	yes      bool
	watch    time.Duration
	json     bool
	env      string
	endpoint string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

func run(ctx context.Context, arguments []string, in io.Reader, out, problems io.Writer) int {
	o, err := parse(arguments, problems)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return exitUsage
	}
	err = replay(ctx, o, in, out, problems)
	if err == nil {
		return 0
	}
	fmt.Fprintln(problems, err)
	if _, refused := errors.AsType[*refusedError](err); refused {
		return exitUsage
	}
	return exitFailure
}

// parse reads the command line; what is wrong with it the user is told here.
func parse(arguments []string, problems io.Writer) (o options, err error) {
	flags := flag.NewFlagSet("replay", flag.ContinueOnError)
	flags.SetOutput(problems)
	flags.Usage = func() {
		fmt.Fprint(problems, examples)
		flags.PrintDefaults()
	}
	from := flags.String("from", "", "replay events from this `time` on")
	to := flags.String("to", "", "and until this `time`")
	flags.StringVar(&o.service, "service", "", "replay to this `service` only")
	flags.BoolVar(&o.dryRun, "dry-run", false, "only show what would come again")
	flags.BoolVar(&o.yes, "yes", false, "do not ask")
	flags.DurationVar(&o.watch, "watch", 5*time.Minute, "look so long, at the most, what services do with them; 0 does not")
	flags.BoolVar(&o.json, "json", false, "print JSON; it does not ask")
	flags.StringVar(&o.env, "env", stack.Env, "environment: local, or one that is deployed on AWS")
	flags.StringVar(&o.endpoint, "endpoint", endpoint.Default(), "AWS-compatible `URL` of the environment local")
	if err := flags.Parse(arguments); err != nil {
		return o, err
	}
	switch {
	case flags.NArg() > 0:
		err = fmt.Errorf("%q is no flag", flags.Arg(0))
	case *from == "" || *to == "":
		err = errors.New("name a range: -from -2h -to now (make replay FROM=-2h TO=now)")
	case o.watch < 0:
		err = fmt.Errorf("-watch is %s: it must be 0 or more", o.watch)
	default:
		o.within, err = archive.ParseRange(*from, *to, time.Now())
	}
	if err != nil {
		fmt.Fprintf(problems, "%v; -h shows examples\n", err)
	}
	return o, err
}

// refusedError says why nothing was replayed.
type refusedError struct{ text string }

func (e *refusedError) Error() string { return e.text }
