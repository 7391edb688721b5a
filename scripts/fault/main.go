// Command fault injects faults into the local cloud and lists them. See go run ./scripts/fault -h.
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

const examples = `fault injects faults into the local cloud of make up. Without -kind and -off it lists them.

  go run ./scripts/fault [flags]

Kinds:
  fail       AWS calls fail with an error and have no effect
  throttle   AWS calls fail with the service's throttling error
  slow       AWS calls are delayed
  lose       AWS calls take effect, but the response is lost
  duplicate  messages arrive in the service's queue twice
  crash      the process of the service's function is killed during an invocation

Examples:
  go run ./scripts/fault                                                         # list the active faults, and how often each was applied
  go run ./scripts/fault -service %[1]s -kind throttle -rate 0.1  # throttle one call in ten
  go run ./scripts/fault -service %[1]s -kind slow -latency 200ms  # delay every call
  go run ./scripts/fault -service %[1]s -kind crash -latency 20ms -count 3  # kill three invocations after 20 ms
  go run ./scripts/fault -kind fail -aws dynamodb -operation TransactWriteItems  # for all callers
  go run ./scripts/fault -service %[1]s -kind throttle -off  # remove this fault
  go run ./scripts/fault -off  # remove all faults

Flags:
`

// options are the command line's flags.
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
	err = apply(ctx, o, declared, t.Out)
	_, refused := errors.AsType[*inject.RefusedError](err)
	_, impossible := errors.AsType[*inject.KindError](err)
	if refused || impossible { // an invalid fault is a mistake in the command line
		return cli.Refuse("%w", err)
	}
	return err
}

func parse(arguments []string, declared *stack.Declared, t cli.Terminal) (o options, err error) {
	_, service := declared.Example()
	flags := cli.NewFlags("fault", fmt.Sprintf(examples, service), t)
	rate := flags.Float64("rate", 1, "apply to this `share` of the calls: 0 to 1")
	latency := flags.Duration("latency", 0, "slow: delay calls by this long (default 500ms); crash: kill this long after the invocation began")
	jitter := flags.Duration("jitter", 0, "slow: add up to this much more delay")
	kind := flags.String("kind", "", "`kind` of fault: fail, throttle, slow, lose, duplicate, crash")
	flags.StringVar(&o.service, "service", "", "inject into this `service` of the troupe; none means all callers")
	flags.StringVar(&o.fault.Service, "aws", "", "only affect calls to this AWS `service`: sqs, sns, events, dynamodb, logs, …")
	flags.StringVar(&o.fault.Operation, "operation", "", "only affect this `operation` of the AWS service")
	flags.IntVar(&o.fault.Count, "count", 0, "end after this many times; 0 means never")
	flags.StringVar(&o.fault.Code, "code", "", "fail: the error's `code` (default InternalFailure)")
	flags.IntVar(&o.fault.Status, "status", 0, "fail: its HTTP `status` (default 500)")
	flags.BoolVar(&o.off, "off", false, "remove the faults of this -service and -kind, or all if neither is given")
	flags.StringVar(&o.endpoint, "endpoint", endpoint.Default(), "`URL` of the local cloud")
	if err := flags.Parse(arguments); err != nil {
		return o, err
	}
	o.fault.Kind, o.fault.Rate = faults.Kind(*kind), rate
	o.fault.LatencyMs, o.fault.JitterMs = int(*latency/time.Millisecond), int(*jitter/time.Millisecond)
	if *kind == "" && !o.off && flags.NFlag() > 0 && !onlyEndpoint(flags) {
		return o, cli.Usage("use -kind to inject a fault, or -off to remove faults")
	}
	return o, nil
}

// onlyEndpoint reports whether no other flag is set, in which case the command lists the faults.
func onlyEndpoint(flags *cli.Flags) bool {
	only := true
	flags.Visit(func(f *flag.Flag) { only = only && f.Name == "endpoint" })
	return only
}
