// Command cost says what the flow of stories costs on AWS, what an environment costs while nothing happens, and at which
// rate it breaks. See go run ./scripts/cost -h.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/cost"
	"example.com/troupe/scripts/internal/cost/count"
	"example.com/troupe/scripts/internal/cost/environment"
	"example.com/troupe/scripts/internal/stack"
)

const help = `cost plays stories in a local cloud, counts what AWS would bill, and says what they cost.

Examples:
  go run ./scripts/cost                               # the stories of the demo, each as often as the others
  go run ./scripts/cost -story %[1]s         # one story
  go run ./scripts/cost -story a:9,b:1                # nine of ten executions are of a
  go run ./scripts/cost -rate 10000 -region us-east-1 # a month at this rate, and where it breaks
  go run ./scripts/cost -env dev                      # with the settings of an environment, and what its logs and metrics say
  go run ./scripts/cost -json | jq .month             # for scripts

Prices and quotas are in scripts/internal/cost. A running console (make up) shows the result on its page Cost.

Flags:
`

// options are the command line's flags.
type options struct {
	rate               float64
	story, region, env string
	json               bool
	picture, console   string
	since, timeout     time.Duration
}

func main() { cli.Main(run) }

func run(ctx context.Context, arguments []string, t cli.Terminal) error {
	o, err := parse(arguments, t)
	if err != nil {
		return err
	}
	declared, err := stack.Here()
	if err != nil {
		return err
	}
	settings, err := environment.Read(declared.Root, o.env)
	if err != nil {
		return err
	}
	model, err := cost.NewModel(declared.Manifests, declared.Contracts, cmp.Or(o.region, settings.Region), settings)
	if err != nil {
		return err
	}
	chosen, err := choose(declared.Root, o.story)
	if err != nil {
		return err
	}
	flows, err := o.count(ctx, declared.Root, chosen, settings.Payloads(), t.Err)
	if err != nil {
		return err
	}
	durations := cost.Local
	if o.env != stack.Env {
		if durations, err = o.measured(ctx, declared, model, flows); err != nil {
			return err
		}
	}
	report := model.Report(flows, o.rate, durations)
	if err := o.show(ctx, report, declared.Root, t.Err); err != nil {
		return err
	}
	if o.json {
		return cli.PrintJSON(t.Out, report)
	}
	return report.Print(t.Out)
}

func parse(arguments []string, t cli.Terminal) (o options, err error) {
	flags := cli.NewFlags("cost", fmt.Sprintf(help, "demo/NAME"), t)
	flags.Float64Var(&o.rate, "rate", 10, "`executions` per second, of all stories together")
	flags.StringVar(&o.story, "story", "", "play these `stories`, with their weights: a, or a:9,b:1 (default those of the demo)")
	flags.StringVar(&o.region, "region", "", "`region` of prices and quotas (default the environment's, or the first in prices.json)")
	flags.StringVar(&o.env, "env", stack.Env, "`environment`: its settings are terraform/env/<environment>.tfvars")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.StringVar(&o.picture, "picture", "", "also write a picture to this `file`, relative to the root of the checkout")
	flags.StringVar(&o.console, "console", "http://127.0.0.1:8090", "`URL` of a console that shows the result, if it runs")
	flags.DurationVar(&o.since, "since", time.Hour, "on AWS: take the logs and metrics of this long")
	flags.DurationVar(&o.timeout, "timeout", 3*time.Minute, "give up if the stories have not ended after this long")
	if err := flags.Parse(arguments); err != nil {
		return o, err
	}
	if !(o.rate > 0) || o.rate > 1e6 {
		return o, cli.Usage("-rate is %g: it must be above 0 and at most a million", o.rate)
	}
	return o, nil
}

// count plays the chosen stories and returns what they use.
func (o options) count(ctx context.Context, root string, chosen []weighted, payloads bool, log io.Writer) (flows []cost.Flow, err error) {
	player, err := count.Start(ctx, root, all(chosen), payloads, log)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, player.Close()) }()
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	defer cancel()
	for _, one := range chosen {
		usage, err := player.Play(ctx, one.story)
		if err != nil {
			return nil, err
		}
		flows = append(flows, cost.Flow{Name: one.story.Name, Title: one.story.Title, Weight: one.weight, Usage: usage})
	}
	return flows, nil
}

// show writes the picture, and sends the report to a console that runs.
func (o options) show(ctx context.Context, report *cost.Report, root string, log io.Writer) error {
	if sent(ctx, o.console, report) {
		fmt.Fprintf(log, "in the console: %s/cost\n", o.console)
	}
	if o.picture == "" {
		return nil
	}
	file, err := draw(report, root, o.picture)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(log, "picture:", file)
	return err
}

// sent sends the report to a console, and reports whether one took it.
func sent(ctx context.Context, console string, report *cost.Report) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	return post(ctx, console+"/api/cost", report) == nil
}
