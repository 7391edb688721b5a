// Command rebuild drops what a read model keeps and makes it anew from the bus's archive, on this machine or on AWS. See
// go run ./scripts/rebuild -h.
//
// A read model is a service that only listens: what it keeps follows from events. A unit of work ignores an event that
// it has a record of, so the records go together with the documents. While both are dropped nothing may be handled: a
// record that is left would hide the event's effect for good, and a document that is left would get it twice. So the
// service is paused first, and events that arrive meanwhile wait in its queue. Those that are in the archive as well
// then arrive twice, and their records make the second a repeat.
package main

import (
	"fmt"
	"time"

	"example.com/troupe/scripts/internal/archive"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/stack"
)

const examples = `rebuild drops what a read model keeps, and makes it anew from the archive. services/READ-MODELS.md explains it.

  go run ./scripts/rebuild -service <name> [flags]

Examples:
  go run ./scripts/rebuild -service %[1]s -dry-run       # what would be dropped, and what there is to make it from
  go run ./scripts/rebuild -service %[1]s -env dev
  go run ./scripts/rebuild -service %[1]s -from -720h    # only from the events of the last 30 days

Events keep arriving meanwhile: they wait, and none is lost. If it is interrupted, run it again.
If you answer anything but yes, nothing is dropped, and the exit code is 2.

Flags:
`

// options are the command line's flags.
type options struct {
	service  string
	from     string
	dryRun   bool
	yes      bool
	watch    time.Duration
	env      string
	endpoint string
}

func main() { cli.Main(run) }

var run = stack.Command(parse, rebuild)

func parse(arguments []string, declared *stack.Declared, t cli.Terminal) (o options, err error) {
	_, service := declared.Example()
	flags := cli.NewFlags("rebuild", fmt.Sprintf(examples, service), t)
	flags.StringVar(&o.service, "service", "", "the read model: a `service` that publishes nothing")
	flags.StringVar(&o.from, "from", "", "replay events from this `time`: in RFC 3339, or a time ago (-720h); by default all that the archive holds")
	flags.BoolVar(&o.dryRun, "dry-run", false, "only show what would be done")
	flags.BoolVar(&o.yes, "yes", false, "don't ask")
	flags.DurationVar(&o.watch, "watch", 15*time.Minute, "how long to wait until the service has handled the events")
	flags.StringVar(&o.env, "env", stack.Env, "environment: local, or one deployed on AWS")
	flags.StringVar(&o.endpoint, "endpoint", endpoint.Default(), "AWS-compatible endpoint `URL` for the environment local")
	if err := flags.Parse(arguments); err != nil {
		return o, err
	}
	switch {
	case o.service == "":
		return o, cli.Usage("name a read model: make rebuild SERVICE=<name>")
	case o.watch <= 0:
		return o, cli.Usage("-watch is %s: it must be above 0", o.watch)
	}
	if o.from != "" {
		if _, err := archive.ParseRange(o.from, "now", time.Now()); err != nil {
			return o, cli.Usage("%w", err)
		}
	}
	return o, nil
}
