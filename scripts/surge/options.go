package main

import (
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/surge"
)

const examples = `surge shows a burst of events at a consumer that takes fewer a second, with and without a queue before it.

  go run ./scripts/surge [flags]

Examples:
  go run ./scripts/surge                                  # 10,000 a second in for 5 seconds, 500 a second out
  go run ./scripts/surge -rate 400 -capacity 50 -fast     # small, and over in less than a minute
  go run ./scripts/surge -json | jq .result               # for machines

It has a local cloud of its own. A console that runs (make up) draws it live on its page Surge.

Flags:
`

// options are what the command line says.
type options struct {
	burst   surge.Burst
	fast    bool
	json    bool
	picture string
	console string
}

func parse(arguments []string, t cli.Terminal) (o options, err error) {
	flags := cli.NewFlags("surge", examples, t)
	flags.Float64Var(&o.burst.Rate, "rate", 10_000, "events a second that come in")
	flags.Float64Var(&o.burst.Seconds, "seconds", 5, "how long they come")
	flags.Float64Var(&o.burst.Capacity, "capacity", 500, "jobs a second that the warehouse takes")
	flags.BoolVar(&o.fast, "fast", false, "give the webhook a retry policy of 1 second instead of SNS's default of 20")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.StringVar(&o.picture, "picture", "", "write the drawing to this `file` (default .troupe/surge.svg)")
	flags.StringVar(&o.console, "console", defaultConsole, "`URL` of a console that is to draw it live, if it runs")
	if err := flags.Parse(arguments); err != nil {
		return o, err
	}
	for name, value := range map[string]float64{"rate": o.burst.Rate, "seconds": o.burst.Seconds, "capacity": o.burst.Capacity} {
		if !(value > 0) || value > 1e6 {
			return o, cli.Usage("-%s is %g: it must be above 0, and a million at the most", name, value)
		}
	}
	if n := o.burst.Events(); n < 1 || n > mostEvents {
		return o, cli.Usage("-rate %g for -seconds %g makes %d events: there must be 1 to %d", o.burst.Rate, o.burst.Seconds, n, mostEvents)
	}
	return o, nil
}

// mostEvents bounds the memory that a burst takes.
const mostEvents = 1_000_000
