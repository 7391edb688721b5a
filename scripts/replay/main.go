// Command replay hands events of the bus's archive to services again, on this machine or on AWS. See
// go run ./scripts/replay -h.
package main

import (
	"context"
	"fmt"
	"time"

	"example.com/troupe/scripts/internal/archive"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/stack"
)

const examples = `replay hands events of the archive to services again. What a service has handled, it ignores.

  go run ./scripts/replay -from <time> -to <time> [flags]

Times are of RFC 3339, or how long ago (-2h), or now.

Examples:
  go run ./scripts/replay -from -2h -to now -dry-run  # shows what would come again
  go run ./scripts/replay -from -2h -to -1h -service %[1]s  # to one service only
  go run ./scripts/replay -from 2026-11-24T08:00:00Z -to 2026-11-24T09:30:00Z -env dev

The archive holds what went over the bus. Events that go through SNS, and reminders that a service sends to itself, are
not in it. An answer that is not yes counts as used wrongly.

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

func main() { cli.Main(run) }

func run(ctx context.Context, arguments []string, t cli.Terminal) error {
	declared, nowhere := stack.Here()
	o, err := parse(arguments, declared, t)
	if err != nil {
		return err
	}
	if nowhere != nil {
		return nowhere
	}
	return replay(ctx, o, declared, t)
}

func parse(arguments []string, declared *stack.Declared, t cli.Terminal) (o options, err error) {
	_, service := declared.Example()
	flags := cli.NewFlags("replay", fmt.Sprintf(examples, service), t)
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
	case *from == "" || *to == "":
		return o, cli.Usage("name a range: -from -2h -to now (make replay FROM=-2h TO=now)")
	case o.watch < 0:
		return o, cli.Usage("-watch is %s: it must be 0 or more", o.watch)
	}
	if o.within, err = archive.ParseRange(*from, *to, time.Now()); err != nil {
		return o, cli.Usage("%w", err)
	}
	return o, nil
}
