// Command publish sends test events to a running troupe, on this machine or on AWS, and shows what they cause. See go
// run ./scripts/publish -h.
//
// It refuses data that breaks the event's contract, by the same check as in the services.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/target"
	"example.com/troupe/scripts/internal/testevent"
)

const examples = `publish sends test events.

  go run ./scripts/publish [flags] <type of event>

Examples:
  go run ./scripts/publish %[1]s  # the contract's example, under new identities; the data of an event on a schedule
  go run ./scripts/publish -follow %[1]s  # and what it sets off
  go run ./scripts/publish -data event.json %[1]s  # your own data
  go run ./scripts/publish -count 1000 -rate 50 %[1]s  # load: 50 a second
  go run ./scripts/publish -env dev -follow %[1]s  # on AWS, found by Terraform's outputs

Flags:
`

// options are the command line's flags.
type options struct {
	eventType string
	data      string
	count     int
	rate      float64
	follow    bool
	timeout   time.Duration
	env       string
	endpoint  string
}

func main() { cli.Main(run) }

var run = stack.Command(parse, publish)

func parse(arguments []string, declared *stack.Declared, t cli.Terminal) (o options, err error) {
	event, _ := declared.Example()
	flags := cli.NewFlags("publish", fmt.Sprintf(examples, event), t)
	flags.StringVar(&o.data, "data", "", "send the data in this `file` instead of the contract's example, or its schedule's data; - means standard input")
	flags.IntVar(&o.count, "count", 1, "number of events to send")
	flags.Float64Var(&o.rate, "rate", 0, "events per second; 0 means as fast as they are accepted")
	flags.BoolVar(&o.follow, "follow", false, "print what the events cause, until everything is handled")
	flags.DurationVar(&o.timeout, "timeout", 2*time.Minute, "stop following after this long")
	flags.StringVar(&o.env, "env", stack.Env, "environment: local, or one deployed on AWS")
	flags.StringVar(&o.endpoint, "endpoint", endpoint.Default(), "AWS-compatible endpoint `URL` for the environment local")
	if err := flags.Parse(arguments, "one event type after the flags, such as "+event); err != nil {
		return o, err
	}
	switch {
	case o.count < 1:
		return o, cli.Usage("-count is %d: it must be at least 1", o.count)
	case o.rate < 0:
		return o, cli.Usage("-rate is %g: it must be 0 or more", o.rate)
	}
	o.eventType = flags.Arg(0)
	return o, nil
}

func publish(ctx context.Context, o options, declared *stack.Declared, t cli.Terminal) error {
	contract, err := testevent.Find(declared.Contracts, o.eventType)
	if err != nil {
		return cli.Refuse("%w", err)
	}
	data, err := load(contract, o.data, t.In)
	if err != nil {
		return err
	}
	fresh := o.data == ""
	if schedule := scheduleOf(declared.Manifests, contract); fresh && o.count == 1 && schedule != nil {
		if data, err = schedule.EventData(*contract, time.Now().UTC().Format(time.RFC3339)); err != nil {
			return err
		}
		fresh = false
		fmt.Fprintf(t.Out, "as on the schedule %s of %s, now\n", schedule.Expression, contract.Producer)
	}
	to, err := target.Find(ctx, declared, o.env, o.endpoint)
	if err != nil {
		return err
	}
	s := &sender{contract: contract, data: data, fresh: fresh, to: to.Publisher(contract.Producer), options: o, out: t.Out}
	if !o.follow {
		return s.send(ctx)
	}
	return s.follow(ctx, to)
}

// scheduleOf returns the first schedule that publishes an event, or nil.
func scheduleOf(manifests []*manifest.Manifest, contract *schema.Event) *manifest.Schedule {
	for _, m := range manifests {
		if i := slices.IndexFunc(m.Schedules, func(s manifest.Schedule) bool { return s.Event == contract.Type }); i >= 0 {
			return &m.Schedules[i]
		}
	}
	return nil
}

// load reads the data to send and checks it against the contract.
func load(contract *schema.Event, file string, in io.Reader) (data []byte, err error) {
	switch file {
	case "":
		return contract.Examples[0].Data, nil
	case "-":
		file = "standard input"
		data, err = io.ReadAll(in)
	default:
		data, err = os.ReadFile(file)
	}
	if err != nil {
		return nil, cli.Refuse("read the data: %w", err)
	}
	err = schema.Validate(&contract.Contract, data)
	if invalid, ok := errors.AsType[*schema.InvalidError](err); ok {
		return nil, cli.Refuse("nothing was sent, because the data is not a valid %s:\n%w", contract.Type, schema.InFile(file, data, invalid.Violations))
	}
	return data, err
}
