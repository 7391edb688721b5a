package main

import (
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/surge"
)

const examples = `surge shows a burst of events at a worker that takes fewer a second, with and without a queue before it.

  go -C scripts/lab run ./surge [flags]

Examples:
  go -C scripts/lab run ./surge                                  # the worker with a rate in its service.json: 20 times as many for 5 seconds
  go -C scripts/lab run ./surge -service NAME                    # this one, where several have a rate
  go -C scripts/lab run ./surge -rate 400 -capacity 50 -fast     # small, and over in less than a minute
  go -C scripts/lab run ./surge -json | jq .result               # for machines

It has a local cloud of its own. A console that runs (make up) draws it live on its page Surge.

Flags:
`

// options are what the command line says.
type options struct {
	service string
	burst   surge.Burst
	fast    bool
	json    bool
	picture string
	console string
}

// defaultTimes is how many times more events come than the worker takes.
const defaultTimes = 20

func parse(arguments []string, t cli.Terminal) (o options, err error) {
	flags := cli.NewFlags("surge", examples, t)
	flags.StringVar(&o.service, "service", "", "the `worker` to flood (default the only one with a rate)")
	flags.Float64Var(&o.burst.Rate, "rate", 0, "`events` a second that come in (default 20 times the capacity)")
	flags.Float64Var(&o.burst.Seconds, "seconds", 5, "how long they come")
	flags.Float64Var(&o.burst.Capacity, "capacity", 0, "`events` a second that the worker takes (default its rate)")
	flags.BoolVar(&o.fast, "fast", false, "try again after 1 second instead of SNS's default of 20")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.StringVar(&o.picture, "picture", ".troupe/surge.svg", "write the drawing to this `file`, whose place counts from the root of the checkout")
	flags.StringVar(&o.console, "console", defaultConsole, "`URL` of a console that is to draw it live, if it runs")
	err = flags.Parse(arguments)
	return o, err
}

// fill takes what was not said from the worker's rate, and checks the burst.
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
			return cli.Usage("-%s is %g: it must be above 0, and a million at the most", number.name, number.value)
		}
	}
	if n := o.burst.Events(); n < 1 || n > mostEvents {
		return cli.Usage("-rate %g for -seconds %g makes %d events: there must be 1 to %d", o.burst.Rate, o.burst.Seconds, n, mostEvents)
	}
	return nil
}

// mostEvents bounds the memory that a burst takes.
const mostEvents = 1_000_000
