package main

import (
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/surge"
)

const examples = `surge sends a burst of events to a worker that handles fewer per second, with and without a queue in front of it.

  go -C scripts/lab run ./surge [flags]

Examples:
  go -C scripts/lab run ./surge                                  # the worker with a rate in its service.json: 20 times its rate for 5 seconds
  go -C scripts/lab run ./surge -service NAME                    # this worker, if several have a rate
  go -C scripts/lab run ./surge -rate 400 -capacity 50 -fast     # small, in less than a minute
  go -C scripts/lab run ./surge -json | jq .result               # for scripts

It runs in its own local cloud. A running console (make up) shows it live on its page Surge.

Flags:
`

// options are the command line's flags.
type options struct {
	service string
	burst   surge.Burst
	fast    bool
	json    bool
	picture string
	console string
}

// defaultTimes is the default ratio of the rate to the worker's capacity.
const defaultTimes = 20

func parse(arguments []string, t cli.Terminal) (o options, err error) {
	flags := cli.NewFlags("surge", examples, t)
	flags.StringVar(&o.service, "service", "", "the `worker` to flood (default the only one with a rate)")
	flags.Float64Var(&o.burst.Rate, "rate", 0, "`events` per second to send (default 20 times the capacity)")
	flags.Float64Var(&o.burst.Seconds, "seconds", 5, "length of the burst")
	flags.Float64Var(&o.burst.Capacity, "capacity", 0, "`events` per second that the worker handles (default its rate)")
	flags.BoolVar(&o.fast, "fast", false, "retry after 1 second instead of SNS's default of 20")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.StringVar(&o.picture, "picture", ".troupe/surge.svg", "write the picture to this `file`, relative to the root of the checkout")
	flags.StringVar(&o.console, "console", defaultConsole, "`URL` of a console that shows it live, if it runs")
	err = flags.Parse(arguments)
	return o, err
}

// fill sets unset options from the worker's rate, and checks the burst.
func (o *options) fill(rate float64) error {
	if o.burst.Capacity == 0 {
		o.burst.Capacity = rate
	}
	if o.burst.Rate == 0 {
		o.burst.Rate = defaultTimes * o.burst.Capacity
	}
	for _, number := range []struct {
		name  string
		value float64
	}{{"capacity", o.burst.Capacity}, {"rate", o.burst.Rate}, {"seconds", o.burst.Seconds}} {
		if !(number.value > 0) || number.value > 1e6 {
			return cli.Usage("-%s is %g: it must be above 0 and at most a million", number.name, number.value)
		}
	}
	if n := o.burst.Events(); n < 1 || n > mostEvents {
		return cli.Usage("-rate %g for -seconds %g makes %d events: there must be 1 to %d", o.burst.Rate, o.burst.Seconds, n, mostEvents)
	}
	return nil
}

// mostEvents limits the memory of a burst.
const mostEvents = 1_000_000
