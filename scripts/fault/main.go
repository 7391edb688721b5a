// Command fault injects faults into the local cloud and lists them. See go run ./scripts/fault -h.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strconv"
	"strings"
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
  go run ./scripts/fault  # list the active faults, and how often each was applied
  go run ./scripts/fault -service %[1]s -kind throttle -rate 10%%  # throttle one call in ten; 0.1 is the same
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

var run = stack.Command(parse, func(ctx context.Context, o options, declared *stack.Declared, t cli.Terminal) error {
	err := apply(ctx, o, declared, t.Out)
	_, refused := errors.AsType[*inject.RefusedError](err)
	_, impossible := errors.AsType[*inject.KindError](err)
	if refused || impossible { // an invalid fault is a mistake in the command line
		return cli.Refuse("%w", err)
	}
	return err
})

func parse(arguments []string, declared *stack.Declared, t cli.Terminal) (o options, err error) {
	_, service := declared.Example()
	flags := cli.NewFlags("fault", fmt.Sprintf(examples, service), t)
	rate := share(1)
	flags.Var(&rate, "rate", "apply to this `share` of the calls: 10% or 0.1")
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
	o.fault.Kind, o.fault.Rate = faults.Kind(*kind), (*float64)(&rate)
	o.fault.LatencyMs, o.fault.JitterMs = int(*latency/time.Millisecond), int(*jitter/time.Millisecond)
	switch given := narrowing(flags); {
	case *kind == "" && !o.off && len(given) > 0:
		return o, cli.Usage("%s alone neither injects nor removes a fault: add -kind to inject one, or -off to remove those that are active", strings.Join(given, " and "))
	case o.fault.Operation != "" && o.fault.Service == "" && !o.off:
		return o, cli.Usage("-operation %s needs -aws, the AWS service whose operation it is: -aws sqs -operation SendMessage", o.fault.Operation)
	case o.fault.Kind == faults.Crash && o.service == "" && !o.off:
		return o, cli.Usage("-kind %s needs -service: it is one function that crashes", *kind)
	case o.fault.Kind == faults.Duplicate && o.service == "" && !o.off:
		return o, cli.Usage("-kind %s needs -service: it is one queue in which messages arrive twice", *kind)
	}
	return o, nil
}

// share is a flag of type share: a fraction, or per cent as on the console's page.
type share float64

func (s *share) String() string { return strconv.FormatFloat(float64(*s)*100, 'g', 3, 64) + "%" }

// Set parses "10%" or "0.1".
func (s *share) Set(text string) error {
	number, percent := strings.CutSuffix(text, "%")
	value, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if percent {
		value /= 100
	}
	if err != nil || !(value >= 0 && value <= 1) {
		return errors.New("write a share such as 10% or 0.1, from 0 to 100% or 0 to 1")
	}
	*s = share(value)
	return nil
}

// narrowing returns the flags that say more of a fault. Without any, the command lists the faults.
func narrowing(flags *cli.Flags) (given []string) {
	flags.Visit(func(f *flag.Flag) {
		if f.Name != "endpoint" {
			given = append(given, "-"+f.Name)
		}
	})
	return given
}
