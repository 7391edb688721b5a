package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/settle"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/stories"
	"example.com/troupe/scripts/internal/trace"
)

const demoExamples = `  go run ./scripts/local demo                                  # in a new local cloud
  go run ./scripts/local demo -json | jq .stories[].ok         # for scripts
  go run ./scripts/local demo -endpoint http://127.0.0.1:4566  # services as workers of any AWS-compatible endpoint
`

// report is the result of the demo.
type report struct {
	Endpoint string        `json:"endpoint"`
	OK       bool          `json:"ok"`
	Stories  []*played     `json:"stories"`
	Queues   settle.Report `json:"queues"` // what was left in them; reminders are counted as delayed
	Phases   []stack.Phase `json:"phases"`
}

// played is the result of one story.
type played struct {
	Name       string            `json:"name"`
	Title      string            `json:"title"`
	OK         bool              `json:"ok"`
	Error      string            `json:"error,omitempty"`
	Skipped    string            `json:"skipped,omitempty"` // why it was skipped
	Executions []trace.Execution `json:"executions"`

	ids []string
}

func demo(ctx context.Context, flags *cli.Flags, arguments []string, out io.Writer) error {
	asJSON := flags.Bool("json", false, "print JSON")
	endpoint := flags.String("endpoint", "", "use this AWS-compatible endpoint `URL` instead of a new local cloud")
	timeout := flags.Duration("timeout", time.Minute, "give up if the stories have not ended after this long")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	root, err := stack.Root(".")
	if err != nil {
		return err
	}
	chosen, err := demoStories(root)
	if err != nil {
		return err
	}
	settings, err := stories.Settings(chosen)
	if err != nil {
		return err
	}
	r, err := play(ctx, chosen, *timeout, stack.Options{Root: root, Endpoint: *endpoint, Log: flags.Output(), Environment: settings})
	if err != nil {
		return err
	}
	if *asJSON {
		err = cli.PrintJSON(out, r)
	} else {
		err = r.print(out)
	}
	if err == nil && !r.OK {
		return &cli.ExitError{Code: cli.ExitFailure} // the report has printed the reason
	}
	return err
}

// demoStories returns the stories of the demo.
func demoStories(root string) ([]*stories.Story, error) {
	all, err := stories.Load(root)
	if err != nil {
		return nil, err
	}
	chosen := slices.DeleteFunc(all, func(s *stories.Story) bool { return !s.Demo() })
	if len(chosen) == 0 {
		return nil, cli.Refuse("no story to play: write one in %s/<name>.txtar, or move one there", stories.DemoFolder)
	}
	return chosen, nil
}

// play runs the services while it plays the stories. What the services can't tell themselves is logged at once.
func play(ctx context.Context, chosen []*stories.Story, timeout time.Duration, options stack.Options) (r *report, err error) {
	var started atomic.Bool // before, the error tells it
	options.Problem = func(service, why string) {
		if started.Load() {
			fmt.Fprintln(options.Log, service, why)
		}
	}
	s, err := stack.Start(ctx, options)
	if err != nil {
		return nil, err
	}
	started.Store(true)
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := stories.CheckAll(chosen, s.Declared()); err != nil {
		return nil, err
	}
	stage, err := stories.On(ctx, s)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r = &report{Endpoint: s.Endpoint, Phases: s.Phases}
	began := time.Now()
	r.playAll(ctx, stage, chosen)
	r.phase("stories", began)
	began = time.Now()
	watch := stage.Target.Watch()
	watch.Steps, watch.Interval, watch.IgnoreDelayed = s.Steps.Count, stage.Every, true
	r.Queues, err = watch.Wait(ctx)
	if _, unsettled := errors.AsType[*settle.UnsettledError](err); err != nil && !unsettled {
		return nil, err
	}
	r.phase("settle", began)
	r.conclude(s.Steps)
	return r, nil
}

func (r *report) phase(name string, began time.Time) {
	r.Phases = append(r.Phases, stack.Phase{Name: name, Duration: time.Since(began)})
}

// playAll plays the stories concurrently.
func (r *report) playAll(ctx context.Context, stage *stories.Stage, chosen []*stories.Story) {
	var group errgroup.Group
	for _, story := range chosen {
		p := &played{Name: story.Name, Title: story.Title}
		r.Stories = append(r.Stories, p)
		group.Go(func() error {
			result, err := stage.Play(ctx, story)
			p.OK, p.Skipped, p.ids = err == nil, result.Skipped, result.Executions
			if err != nil {
				p.Error = err.Error()
			}
			return nil
		})
	}
	_ = group.Wait() // each story keeps its own error
}

// conclude collects the executions once everything is handled, and decides whether the demo succeeded.
func (r *report) conclude(steps *trace.Collector) {
	r.OK = true
	for _, p := range r.Stories {
		for _, id := range p.ids {
			p.Executions = append(p.Executions, trace.New(steps.Of(id)))
		}
		r.OK = r.OK && p.OK
	}
	r.OK = r.OK && len(r.unhandled()) == 0
}

// unhandled returns the queues that contain anything but delayed reminders.
func (r *report) unhandled() (left []string) {
	for _, depth := range append(slices.Clone(r.Queues.Queues), r.Queues.DeadLetters...) {
		if depth.Visible+depth.InFlight > 0 {
			left = append(left, fmt.Sprint(depth))
		}
	}
	return left
}
