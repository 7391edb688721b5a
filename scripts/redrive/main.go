// Command redrive shows why messages are in a service's dead-letter queues, and moves them back to the service, on
// this machine or on AWS. See go run ./scripts/redrive -h.
package main

import (
	"fmt"
	"time"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/deadletters"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/stack"
)

const examples = `redrive shows a service's dead letters by reason and moves them back to the service. Fix the cause first.

  go run ./scripts/redrive -service <service> [flags]

Examples:
  go run ./scripts/redrive -service %[1]s -dry-run  # only list them
  go run ./scripts/redrive -service %[1]s  # move all of them
  go run ./scripts/redrive -service %[1]s -reason "too many receives" -rate 20
  go run ./scripts/redrive -service %[1]s -env dev  # on AWS, found by Terraform's outputs

Listing hides messages from others for a moment, but doesn't count towards the receive limit. The command fails if
messages come back.

Flags:
`

// defaultRate is how many messages per second are moved to a service whose manifest has no rate. The service handles
// them in addition to its normal load.
const defaultRate = 100

// options are the command line's flags.
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

var run = stack.Command(parse, redrive)

func parse(arguments []string, declared *stack.Declared, t cli.Terminal) (o options, err error) {
	_, service := declared.Example()
	flags := cli.NewFlags("redrive", fmt.Sprintf(examples, service), t)
	flags.StringVar(&o.service, "service", "", "the `service` to move messages back to")
	flags.StringVar(&o.reason, "reason", "", "only move messages with this `reason`")
	flags.BoolVar(&o.dryRun, "dry-run", false, "only list the messages")
	flags.Float64Var(&o.rate, "rate", 0, fmt.Sprintf("messages to move per second, at most %d; 0 means the rate in the service's manifest, or %d", deadletters.MostPerSecond, defaultRate))
	flags.DurationVar(&o.watch, "watch", time.Minute, "how long to follow what the service does with the messages; 0 means not at all")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.StringVar(&o.env, "env", stack.Env, "environment: local, or one deployed on AWS")
	flags.StringVar(&o.endpoint, "endpoint", endpoint.Default(), "AWS-compatible endpoint `URL` for the environment local")
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
