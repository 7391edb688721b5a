// Command replay sends events from the bus's archive to services again, on this machine or on AWS. See go run
// ./scripts/replay -h.
package main

import (
	"fmt"
	"time"

	"example.com/troupe/scripts/internal/archive"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/stack"
)

const examples = `replay sends events from the archive to services again. A service ignores events that it has handled.

  go run ./scripts/replay -from <time> -to <time> [flags]

A time is in RFC 3339, a time ago (-2h), or now.

Examples:
  go run ./scripts/replay -from -2h -to now -dry-run  # list the events
  go run ./scripts/replay -from -2h -to -1h -service %[1]s  # only to one service
  go run ./scripts/replay -from 2026-11-24T08:00:00Z -to 2026-11-24T09:30:00Z -env dev

The archive holds events that went over the bus. SNS events, and reminders that a service sends to itself, are not in it.
If you answer anything but yes, nothing is replayed, and the exit code is 2.

Flags:
`

// options are the command line's flags.
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

var run = stack.Command(parse, replay)

func parse(arguments []string, declared *stack.Declared, t cli.Terminal) (o options, err error) {
	_, service := declared.Example()
	flags := cli.NewFlags("replay", fmt.Sprintf(examples, service), t)
	from := flags.String("from", "", "start of the range: replay events from this `time`")
	to := flags.String("to", "", "end of the range: this `time`")
	flags.StringVar(&o.service, "service", "", "only replay to this `service`")
	flags.BoolVar(&o.dryRun, "dry-run", false, "only list the events")
	flags.BoolVar(&o.yes, "yes", false, "don't ask")
	flags.DurationVar(&o.watch, "watch", 5*time.Minute, "how long to follow what services do with the events; 0 means not at all")
	flags.BoolVar(&o.json, "json", false, "print JSON; don't ask")
	flags.StringVar(&o.env, "env", stack.Env, "environment: local, or one deployed on AWS")
	flags.StringVar(&o.endpoint, "endpoint", endpoint.Default(), "AWS-compatible endpoint `URL` for the environment local")
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
