package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/follow"
	status "example.com/troupe/scripts/internal/progress"
	"example.com/troupe/scripts/internal/stories"
	"example.com/troupe/scripts/internal/target"
	"example.com/troupe/scripts/internal/trace"
)

// pace is how long a line of a story may wait, and how often it polls.
type pace struct{ patience, every time.Duration }

// usualPace is the pace for AWS: functions and tasks start cold, and a log line takes seconds to become visible.
var usualPace = pace{patience: 3 * time.Minute, every: 2 * time.Second}

// chooseStory chooses the story to play after the deployment: the named one, or the first of the demo. Having none is
// not an error.
func (d *deployment) chooseStory() error {
	all, err := stories.Load(d.root)
	if err != nil {
		return cli.Refuse("%w", err)
	}
	all = slices.DeleteFunc(all, func(s *stories.Story) bool { return s.Only("local") || s.Configures() })
	at := slices.IndexFunc(all, func(s *stories.Story) bool {
		return s.Name == d.story || s.Demo() && (d.story == "" || path.Base(s.Name) == d.story)
	})
	if at < 0 && d.story != "" {
		var names []string
		for _, s := range all {
			names = append(names, s.Name)
		}
		return cli.Refuse("there is no story %s in %s that can be played on AWS: one of %v", d.story, stories.Folder, names)
	}
	if at < 0 {
		return nil
	}
	d.smokeStory = all[at]
	if err := stories.CheckAll([]*stories.Story{d.smokeStory}, d.declared); err != nil {
		return cli.Refuse("%w", err)
	}
	return nil
}

// smoke plays a story on the deployed system, and reads its steps from CloudWatch Logs.
func (d *deployment) smoke(ctx context.Context, at *target.Target, pace pace) error {
	if d.smokeStory == nil {
		_, err := fmt.Fprintf(d.Out, "\nNo smoke test: there is no story in %s.\n", stories.DemoFolder)
		return err
	}
	if _, err := fmt.Fprintf(d.Out, "\nplaying the story %s: %s\n", d.smokeStory.Name, d.smokeStory.Title); err != nil {
		return err
	}
	steps := &trace.Collector{}
	entrance := &entrance{}
	stage := &stories.Stage{
		Target: at, Contracts: d.declared.Contracts, API: strings.TrimSuffix(at.API, "/"), Token: os.Getenv("API_TOKEN"),
		Steps: steps, Patience: pace.patience, Every: pace.every,
	}
	if stage.API != "" { // without a log group yet, a request can't succeed later either
		stage.Unready = entrance.unready
	}
	stop := status.Show(ctx, d.Out, func() string { return cli.Count(steps.Count(), "step") + " so far" })
	result, err := play(ctx, stage, d.smokeStory, follow.NewLogs(at, time.Now(), steps))
	stop()
	d.show(steps, result.Executions)
	switch {
	case err != nil && entrance.locked:
		return fmt.Errorf("smoke test: %w\nThe API requires a token: set API_TOKEN, or use -no-smoke", err)
	case err != nil:
		return fmt.Errorf("smoke test: %w\nSee the services' logs and dead-letter queues", err)
	}
	_, err = fmt.Fprintf(d.Out, "The story ended in %.0f s.\n", result.Took.Seconds())
	return err
}

// play plays a story while logs are read. An error of one ends both.
func play(ctx context.Context, stage *stories.Stage, story *stories.Story, logs *follow.Logs) (result stories.Result, err error) {
	over := make(chan struct{})
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		defer close(over)
		result, err = stage.Play(ctx, story)
		return err
	})
	group.Go(func() error { return logs.Read(ctx, follow.Pulse{Every: stage.Every}, over) })
	err = group.Wait()
	return result, err
}

// show prints the steps of the story.
func (d *deployment) show(steps *trace.Collector, executions []string) {
	printer := trace.Printer{Out: d.Out, Colours: trace.Coloured(d.Out)}
	for _, step := range steps.Where(func(s events.Step) bool { return slices.Contains(executions, s.CorrelationID) }) {
		_ = printer.Step(step) // a closed terminal is noticed at the end
	}
}

// entranceTries is how many error responses of its own a new API may return.
const entranceTries = 10

// entrance is an API that has just been deployed. It doesn't become available everywhere at once: at first its name
// may be unknown, its routes may be missing, or it may lack permission to invoke the function.
type entrance struct {
	open   bool // it has responded for itself
	locked bool // its latest response was 401 or 403
	tries  int
}

// unready reports whether a response means that the API is not available yet.
func (e *entrance) unready(response *http.Response, err error) bool {
	e.tries++
	if err != nil {
		return !e.open
	}
	code := response.StatusCode
	e.locked = code == http.StatusUnauthorized || code == http.StatusForbidden
	unknown := code == http.StatusNotFound && response.Header.Get("X-Correlation-Id") == "" // every service sets it
	failed := code >= http.StatusInternalServerError && e.tries < entranceTries
	e.open = e.open || !unknown && !failed
	return !e.open
}
