package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/stories"
)

const (
	customers = 16              // that play the story concurrently
	patience  = 2 * time.Minute // for a measurement of the flow
)

// customersPart returns what a customer does in a story: its lines up to the last one that begins an execution,
// including the checks of its response. The rest of the story waits for the consequences.
func customersPart(s *stories.Story) (*stories.Story, error) {
	end := 0
	for i, line := range s.Lines {
		switch {
		case line.Verb == "publish", line.Verb == "request" && line.Args[0] != http.MethodGet:
			end = i + 1
		case end == i && slices.Contains([]string{"status", "answer", "header"}, line.Verb):
			end = i + 1
		}
	}
	part := *s
	part.Lines = s.Lines[:end]
	for _, line := range part.Lines {
		if line.Verb == "settle" || line.Verb == "queue" {
			return nil, cli.Refuse("%s:%d: %s waits until everything is handled, which never happens while many play the story: choose another with -story", s.File, line.Number, line.Verb)
		}
	}
	if end == 0 {
		return nil, cli.Refuse("%s begins nothing that could be measured: choose another with -story", s.File)
	}
	return &part, nil
}

// flow measures how many times per second a story passes through all services, running as processes: the customer's
// part, and everything that it causes.
func (r *session) flow(ctx context.Context) (err error) {
	if r.story == nil {
		r.progress("flow: skipped, since there is no story in %s", stories.DemoFolder)
		return nil
	}
	part, err := customersPart(r.story)
	if err != nil {
		return err
	}
	settings, err := stories.Settings([]*stories.Story{r.story})
	if err != nil {
		return err
	}
	s, err := stack.Start(ctx, stack.Options{Root: r.root, Log: r.problems, Environment: settings})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	stage, err := stories.On(ctx, s)
	if err != nil {
		return err
	}
	http.DefaultTransport.(*http.Transport).MaxIdleConnsPerHost = customers // the stories use the default client
	if _, err := stage.Play(ctx, r.story); err != nil {
		return err
	}
	if _, err := playMany(ctx, stage, part, r.scale.stories); err != nil { // starts more functions
		return fmt.Errorf("warm up: %w", err)
	}
	var rounds []round
	for i := range r.scale.repeats {
		r.progress("flow of %s: %d of %d", r.story.Name, i+1, r.scale.repeats)
		played, err := playMany(ctx, stage, part, r.scale.stories)
		if err != nil {
			return err
		}
		rounds = append(rounds, played)
	}
	r.report.flow(r.story.Name, rounds)
	return nil
}

// round is the result of one round of customers.
type round struct {
	stories, executions, messages int // stories played, executions begun by them, and messages handled
	took                          time.Duration
}

// playMany plays a story n times and waits until everything is handled.
func playMany(ctx context.Context, stage *stories.Stage, part *stories.Story, n int) (round, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	before, began := handled(stage), time.Now()
	var executions atomic.Int64
	err := spread(ctx, customers, n, func(ctx context.Context, _ int) error {
		result, err := stage.Play(ctx, part)
		executions.Add(int64(len(result.Executions)))
		return err
	})
	if err != nil {
		return round{}, err
	}
	watch := stage.Target.Watch()
	watch.Steps, watch.Interval, watch.IgnoreDelayed = stage.Steps.Count, stage.Every, true
	left, err := watch.Wait(ctx)
	if err != nil {
		return round{}, err
	}
	took := time.Since(began)
	for _, depth := range left.DeadLetters {
		if !depth.Empty() {
			return round{}, fmt.Errorf("the story leaves dead letters (%s): choose another with -story", depth)
		}
	}
	return round{stories: n, executions: int(executions.Load()), messages: handled(stage) - before, took: took}, nil
}

// handled returns how many messages all services have handled so far.
func handled(stage *stories.Stage) int {
	return len(stage.Steps.Where(func(s events.Step) bool { return s.Outcome == events.Handled && s.Status == 0 }))
}
