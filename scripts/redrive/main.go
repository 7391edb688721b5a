// Command redrive shows why messages lie in a service's dead-letter queues, and moves them back to the service, on this
// machine or on AWS. See go run ./scripts/redrive -h.
package main

import (
	"context"
	"fmt"
	"time"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/deadletters"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/stack"
)

const examples = `redrive shows what a service failed at, by reason, and moves it back to the service. Mend the cause first.

  go run ./scripts/redrive -service <service> [flags]

Examples:
  go run ./scripts/redrive -service %[1]s -dry-run  # only shows it
  go run ./scripts/redrive -service %[1]s  # moves all of it
  go run ./scripts/redrive -service %[1]s -reason "too many receives" -rate 20
  go run ./scripts/redrive -service %[1]s -env dev  # on AWS, found by Terraform's outputs

Looking hides messages from others for a moment, and burns none of their receives. What comes back is a failure.

Flags:
`

// defaultRate is how many messages a second go back to a service whose manifest has no rate: they come on top of what it
// has to do anyway.
const defaultRate = 100

// options are what the command line says.
type options struct {
	service  string
	reason   string
	dryRun   bool
	rate     float64
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
	return redrive(ctx, o, declared, t.Out, t.Err)
}

func parse(arguments []string, declared *stack.Declared, t cli.Terminal) (o options, err error) {
	_, service := declared.Example()
	flags := cli.NewFlags("redrive", fmt.Sprintf(examples, service), t)
	flags.StringVar(&o.service, "service", "", "the `service` to move messages back to")
	flags.StringVar(&o.reason, "reason", "", "move only what lies there for this `reason`")
	flags.BoolVar(&o.dryRun, "dry-run", false, "only show what lies there")
	flags.Float64Var(&o.rate, "rate", 0, fmt.Sprintf("move so many a second, %d at the most; 0 is the rate of the service's manifest, or %d", deadletters.MostPerSecond, defaultRate))
	flags.DurationVar(&o.watch, "watch", time.Minute, "look so long, at the most, what becomes of them; 0 does not")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.StringVar(&o.env, "env", stack.Env, "environment: local, or one that is deployed on AWS")
	flags.StringVar(&o.endpoint, "endpoint", endpoint.Default(), "AWS-compatible `URL` of the environment local")
	if err := flags.Parse(arguments); err != nil {
		return o, err
	}
	switch {
	case o.service == "":
		return o, cli.Usage("name a service: -service %[1]s (make redrive SERVICE=%[1]s)", service)
	case o.rate < 0 || o.rate > deadletters.MostPerSecond:
		return o, cli.Usage("-rate is %g: it must be between 0 and %d", o.rate, deadletters.MostPerSecond)
	case o.watch < 0:
		return o, cli.Usage("-watch is %s: it must be 0 or more", o.watch)
	}
	return o, nil
}
