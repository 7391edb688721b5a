// Command scale carries a story at a large rate through a model of AWS, in virtual time: queue lengths, ages,
// concurrency, throttling, dead letters and what an hour costs. See go -C scripts/lab run ./scale -h.
//
// It plays the story a few times in the local cloud, to learn which steps one execution has and how long each works. To
// that it adds AWS's latencies, and gives the flow to package model with the region's default quotas. The page that it
// writes, REPORT.md, is of the sample; a team's own page comes from running it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/cost"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/stories"
	"example.com/troupe/scripts/lab/scale/model"
)

const examples = `scale carries a story at a large rate through a model of AWS: what has to be raised before a team gets there.

  go -C scripts/lab run ./scale [flags]

Examples:
  go -C scripts/lab run ./scale                                 # 10,000 requests a second for a minute: the page on standard output
  go -C scripts/lab run ./scale -rate 500 -seconds 600          # a smaller load for ten minutes
  go -C scripts/lab run ./scale -story demo/NAME -region us-east-1
  go -C scripts/lab run ./scale -o scripts/lab/scale/REPORT.md  # into a file, relative to the root of the checkout

Flags:
`

// plays is how often the story is played: the least time of each step counts, which noise can't make smaller.
const plays = 5

// patience is how long the model goes on after the last request, in seconds.
const patience = 4 * 3600

type options struct {
	rate, seconds, latency float64
	story, region, out     string
}

func main() { cli.Main(run) }

func parse(arguments []string, t cli.Terminal) (o options, err error) {
	regions, err := cost.Regions()
	if err != nil {
		return o, err
	}
	flags := cli.NewFlags("scale", examples, t)
	flags.Float64Var(&o.rate, "rate", 10_000, "`requests` per second")
	flags.Float64Var(&o.seconds, "seconds", 60, "how long they arrive")
	flags.Float64Var(&o.latency, "latency", 1, "`factor` of the assumed latencies of AWS")
	flags.StringVar(&o.story, "story", "", "the `story` whose first execution is carried (default the first of the demo that begins with a request)")
	flags.StringVar(&o.region, "region", regions[0], "`region` of the quotas and prices")
	flags.StringVar(&o.out, "o", "-", "write the page to this `file`, relative to the root of the checkout; - is standard output")
	if err := flags.Parse(arguments); err != nil {
		return o, err
	}
	for _, number := range []struct {
		name        string
		value, most float64
	}{{"rate", o.rate, 1e7}, {"seconds", o.seconds, 86_400}, {"latency", o.latency, 100}} {
		if !(number.value > 0) || number.value > number.most {
			return o, cli.Usage("-%s is %g: it must be above 0 and at most %g", number.name, number.value, number.most)
		}
	}
	return o, nil
}

func run(ctx context.Context, arguments []string, t cli.Terminal) error {
	o, err := parse(arguments, t)
	if err != nil {
		return err
	}
	prices, err := cost.PricesOf(o.region)
	if err != nil {
		return cli.Usage("-region: %v", err)
	}
	quotas, err := cost.QuotasOf(o.region)
	if err != nil {
		return cli.Usage("-region: %v", err)
	}
	root, err := stack.Root(".")
	if err != nil {
		return err
	}
	p := &page{options: o, prices: prices, quotas: quotas}
	flow, processor, err := p.learn(ctx, root, t.Err)
	if err != nil || p.Story == "" {
		return err
	}
	if err := p.compute(flow, processor); err != nil {
		return err
	}
	return o.write(root, p.render(), t)
}

// learn plays a story and returns its flow. Without a story it says so and returns none.
func (p *page) learn(ctx context.Context, root string, log io.Writer) (_ model.Flow, _ []float64, err error) {
	story, err := stories.Choose(root, p.story, fits)
	if err != nil {
		return model.Flow{}, nil, err
	}
	if story == nil {
		fmt.Fprintf(log, "there is no story in %s that begins with a request, so there is nothing to carry: write one, or name another with -story\n", stories.DemoFolder)
		return model.Flow{}, nil, nil
	}
	p.Story = story.Name
	settings, err := stories.Settings([]*stories.Story{story})
	if err != nil {
		return model.Flow{}, nil, err
	}
	s, err := stack.Start(ctx, stack.Options{Root: root, Log: log, Environment: settings})
	if err != nil {
		return model.Flow{}, nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	stage, err := stories.On(ctx, s)
	if err != nil {
		return model.Flow{}, nil, err
	}
	var played [][]events.Step
	for i := range plays {
		fmt.Fprintf(log, "%s: %d of %d\n", story.Name, i+1, plays)
		result, err := stage.Play(ctx, story)
		if err != nil {
			return model.Flow{}, nil, err
		}
		if len(result.Executions) == 0 {
			return model.Flow{}, nil, cli.Usage("-story: %s begins no execution", story.Name)
		}
		played = append(played, stage.Steps.Of(result.Executions[0]))
	}
	return derive(s.Declared().Manifests, played, p.latency)
}

// fits reports whether a story is one of the demo that begins with a request.
func fits(s *stories.Story) bool {
	begins := slices.IndexFunc(s.Lines, func(l stories.Line) bool { return l.Verb == "request" || l.Verb == "publish" })
	return s.Demo() && begins >= 0 && s.Lines[begins].Verb == "request"
}

// compute runs every variant.
func (p *page) compute(flow model.Flow, processor []float64) (err error) {
	p.flow = flow
	load := model.Load{Rate: p.rate, Seconds: p.seconds, Until: p.seconds + patience}
	for _, v := range variants(flow, processor, p.quotas, p.rate) {
		if v.result, err = model.Run(v.flow, v.limits, load); err != nil {
			return err
		}
		v.bill(p.prices, v.result.Arrived, p.seconds)
		p.variants = append(p.variants, v)
	}
	return nil
}

func (o options) write(root string, text []byte, t cli.Terminal) error {
	if o.out == "-" {
		_, err := t.Out.Write(text)
		return err
	}
	if !filepath.IsAbs(o.out) {
		o.out = filepath.Join(root, o.out)
	}
	if err := os.WriteFile(o.out, text, 0o644); err != nil {
		return fmt.Errorf("write the page: %w", err)
	}
	fmt.Fprintf(t.Err, "wrote %s\n", o.out)
	return nil
}
