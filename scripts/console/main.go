// Command console shows a troupe that runs elsewhere: an environment on AWS, through CloudWatch Logs, or the local
// cloud of make up in the same way. See go run ./scripts/console -h.
//
// make up has its own console, which shows more: each hop of each message as it happens.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/console"
	"example.com/troupe/scripts/internal/console/source"
	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/inject"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/target"
	"example.com/troupe/scripts/internal/topology"
)

const examples = `console shows the services, queues and executions of a troupe on a page.

  go run ./scripts/console [flags]

Examples:
  go run ./scripts/console -env dev            # on AWS, found by Terraform's outputs: read-only
  go run ./scripts/console -env dev -write     # also lets you publish, send requests and redrive
  go run ./scripts/console -env local -write   # the local cloud of make up

Flags:
`

// How often logs and queues are polled: CloudWatch Logs accepts few requests per second from an account.
const (
	awsLogs, awsQueues     = 3 * time.Second, 5 * time.Second
	localLogs, localQueues = 200 * time.Millisecond, 500 * time.Millisecond
)

// options are the command line's flags.
type options struct {
	env, endpoint, addr string
	write               bool
	since               time.Duration
}

func main() { cli.Main(run) }

func run(ctx context.Context, arguments []string, t cli.Terminal) error {
	o, err := parse(arguments, t)
	if err != nil {
		return err
	}
	root, err := stack.Root(".")
	if err != nil {
		return err
	}
	return show(ctx, root, o, t.Out)
}

func parse(arguments []string, t cli.Terminal) (o options, err error) {
	flags := cli.NewFlags("console", examples, t)
	flags.StringVar(&o.env, "env", "dev", "environment: local, or one deployed on AWS")
	flags.StringVar(&o.endpoint, "endpoint", endpoint.Default(), "AWS-compatible endpoint `URL` for the environment local")
	flags.StringVar(&o.addr, "addr", "127.0.0.1:8091", "serve the page at this `address`; port 0 chooses a free port")
	flags.BoolVar(&o.write, "write", false, "allow the page to publish, send requests, redrive and, locally, inject faults")
	flags.DurationVar(&o.since, "since", time.Hour, "show what happened in this period until now")
	return o, flags.Parse(arguments)
}

func show(ctx context.Context, root string, o options, out io.Writer) (err error) {
	if err := stack.Free(map[string]string{"addr": o.addr}); err != nil {
		return err
	}
	declared, err := stack.Load(root)
	if err != nil {
		return err
	}
	at, err := target.Find(ctx, declared, o.env, o.endpoint)
	if err != nil {
		return err
	}
	logs, queues := o.pace()
	wired, err := declared.Topology(topology.Names{Project: stack.Project, Env: o.env}, nil)
	if err != nil {
		return err
	}
	var faults *inject.Client // nothing can be injected on AWS
	if o.env == stack.Env {
		faults = inject.New(at.Config)
	}
	c, err := console.Start(console.Options{
		Addr: o.addr, Env: o.env, Declared: declared, Target: at, API: at.API, Write: o.write, Queues: queues,
		Payloads: console.Traced(wired), Faults: faults,
		Source: &source.CloudWatch{
			Client: cloudwatchlogs.NewFromConfig(at.Config), Groups: at.LogGroups, Since: time.Now().Add(-o.since), Every: logs, Outsiders: at.Outsiders,
		},
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	fmt.Fprintf(out, "Console  %s\nCtrl-C ends it.\n", c.URL)
	<-ctx.Done()
	return nil
}

// pace returns how often logs and queues are polled.
func (o options) pace() (logs, queues time.Duration) {
	if o.env == stack.Env {
		return localLogs, localQueues
	}
	return awsLogs, awsQueues
}
