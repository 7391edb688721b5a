// Command fault makes the local cloud fail on purpose, and shows what fails. See go run ./scripts/fault -h.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"time"

	"example.com/localcloud/faults"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/inject"
	"example.com/troupe/scripts/internal/stack"
)

const examples = `fault injects faults into the local cloud that make up has started; without -kind and -off it lists them.

  go run ./scripts/fault [flags]

Kinds:
  fail       calls of AWS are answered with an error, and do nothing
  throttle   calls are answered with the error by which their service throttles
  slow       calls are held up
  lose       calls take effect, and their answer is lost
  duplicate  messages enter the service's queue twice
  crash      the process of the service's function is killed in an invocation

Examples:
  go run ./scripts/fault                                                         # what fails now, and how often it did
  go run ./scripts/fault -service %[1]s -kind throttle -rate 0.1  # one call in ten
  go run ./scripts/fault -service %[1]s -kind slow -latency 200ms  # every call
  go run ./scripts/fault -service %[1]s -kind crash -latency 20ms -count 3  # three invocations, 20 ms after they began
  go run ./scripts/fault -kind fail -aws dynamodb -operation TransactWriteItems  # whoever calls
  go run ./scripts/fault -service %[1]s -kind throttle -off  # no more of that
  go run ./scripts/fault -off  # no more of anything

Flags:
`

// options are what the command line says.
type options struct {
	endpoint string
	service  string // of the troupe
	off      bool
	fault    faults.Fault
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
	err = obey(ctx, o, declared, t.Out)
	_, refused := errors.AsType[*inject.RefusedError](err)
	_, impossible := errors.AsType[*inject.KindError](err)
	if refused || impossible { // a fault that can't be put is no failure to put it
		return cli.Refuse("%w", err)
	}
	return err
}

func parse(arguments []string, declared *stack.Declared, t cli.Terminal) (o options, err error) {
	_, service := declared.Example()
	flags := cli.NewFlags("fault", fmt.Sprintf(examples, service), t)
	rate := flags.Float64("rate", 1, "strike this `share` of the time: 0 to 1")
	latency := flags.Duration("latency", 0, "slow: hold calls up for this long (500ms where nothing is said); crash: kill so long after the invocation began")
	jitter := flags.Duration("jitter", 0, "slow: up to so much more")
	kind := flags.String("kind", "", "`kind` of fault: fail, throttle, slow, lose, duplicate, crash")
	flags.StringVar(&o.service, "service", "", "strike this `service` of the troupe; none stands for all that call")
	flags.StringVar(&o.fault.Service, "aws", "", "strike calls of this AWS `service` only: sqs, sns, events, dynamodb, logs, …")
	flags.StringVar(&o.fault.Operation, "operation", "", "strike this `operation` of the AWS service only")
	flags.IntVar(&o.fault.Count, "count", 0, "end after so many strikes; 0 is never")
	flags.StringVar(&o.fault.Code, "code", "", "fail: the `code` of the error (InternalFailure where nothing is said)")
	flags.IntVar(&o.fault.Status, "status", 0, "fail: its HTTP `status` (500 where nothing is said)")
	flags.BoolVar(&o.off, "off", false, "take off the faults of this -service and -kind; of neither: all")
	flags.StringVar(&o.endpoint, "endpoint", endpoint.Default(), "`URL` of the local cloud")
	if err := flags.Parse(arguments); err != nil {
		return o, err
	}
	o.fault.Kind, o.fault.Rate = faults.Kind(*kind), rate
	o.fault.LatencyMs, o.fault.JitterMs = int(*latency/time.Millisecond), int(*jitter/time.Millisecond)
	if *kind == "" && !o.off && flags.NFlag() > 0 && !onlyEndpoint(flags) {
		return o, cli.Usage("say -kind to put a fault, or -off to take faults off")
	}
	return o, nil
}

// onlyEndpoint tells whether nothing else is said, which asks for the list.
func onlyEndpoint(flags *cli.Flags) bool {
	only := true
	flags.Visit(func(f *flag.Flag) { only = only && f.Name == "endpoint" })
	return only
}
