package stories

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/pause"
	"example.com/troupe/scripts/internal/settle"
	"example.com/troupe/scripts/internal/target"
	"example.com/troupe/scripts/internal/trace"
)

// Stage is a running system on which stories are played.
type Stage struct {
	Target    *target.Target
	Contracts []schema.Event
	API       string           // URL of the HTTP API
	Token     string           // for the API's authorizer; "" sends none
	Steps     *trace.Collector // collects the steps of all services during the play

	Patience time.Duration // the longest wait of one line
	Every    time.Duration // how long to wait between two polls

	// Transport makes the requests; nil is the network.
	Transport http.RoundTripper
	// Local reports whether the stage is a local cloud, which enforces permissions.
	Local bool
	// As returns a configuration with a service's permissions only; it is nil if the stage can't provide that.
	As func(ctx context.Context, service string) (aws.Config, error)
	// Unready reports whether a response means that the API is not ready yet; such a request is repeated. It may be
	// nil.
	Unready func(*http.Response, error) bool
}

// Result is the result of a play.
type Result struct {
	Story      *Story
	Skipped    string   // why it was skipped; "" if it was played
	Executions []string // correlation IDs of the executions that it began, in order
	Took       time.Duration
}

// Play plays a story to its end or to the first line that fails. Its error is an *Error.
func (s *Stage) Play(ctx context.Context, story *Story) (Result, error) {
	result := Result{Story: story}
	if story.Only("local") && !s.Local {
		result.Skipped = "it needs a local cloud"
		return result, nil
	}
	began := time.Now()
	p := &performance{Stage: s, story: story, variables: newVariables()}
	err := p.play(ctx)
	result.Executions, result.Took = p.executions, time.Since(began)
	return result, err
}

// performance is one play of a story.
type performance struct {
	*Stage
	story      *Story
	ctx        context.Context // for the current line
	variables  Variables
	executions []string
	last       *answer // the last response
	failed     error   // the error of the last line that failed under "!"
	next       string  // the next line's verb
}

func (p *performance) play(ctx context.Context) error {
	for i, line := range p.story.Lines {
		run := verbs[line.Verb].run
		if run == nil {
			continue // applied before the play begins
		}
		p.next = ""
		if i+1 < len(p.story.Lines) {
			p.next = p.story.Lines[i+1].Verb
		}
		if err := p.line(ctx, line, run); err != nil {
			return p.story.wrong(line, err)
		}
	}
	return nil
}

func (p *performance) line(ctx context.Context, line Line, run func(*performance, Line) error) (err error) {
	if line.Args, err = p.variables.expandAll(line.Args); err != nil {
		return err
	}
	var cancel context.CancelFunc
	p.ctx, cancel = context.WithTimeout(ctx, p.Patience)
	defer cancel()
	err = run(p, line)
	if !line.Not || line.Verb == "saw" { // saw handles "!" itself
		return err
	}
	if p.failed = err; err == nil {
		return fmt.Errorf("it should have failed")
	}
	return nil
}

// begin returns the correlation ID of a new execution.
func (p *performance) begin() string {
	id := fmt.Sprintf("%s-%d", p.variables["story"], len(p.executions)+1)
	p.executions = append(p.executions, id)
	return id
}

// own reports whether a step belongs to the story.
func (p *performance) own(step events.Step) bool {
	return slices.Contains(p.executions, step.CorrelationID)
}

// wait calls look until it returns true or the line's time is up. In that case it returns the error of the last
// complete look.
func (p *performance) wait(look func() (bool, error)) (last error) {
	for {
		done, err := look()
		if done {
			return err
		}
		if last == nil || p.ctx.Err() == nil {
			last = err
		}
		if !pause.For(p.ctx, p.Every) {
			return fmt.Errorf("after %s: %w", p.Patience, last)
		}
	}
}

func (p *performance) set(line Line) error {
	p.variables[line.Args[0]] = line.Args[1]
	return nil
}

func (p *performance) time(line Line) error {
	after, err := time.ParseDuration(line.Args[1])
	if err != nil {
		return err
	}
	p.variables[line.Args[0]] = time.Now().Add(after).UTC().Format(time.RFC3339Nano)
	return nil
}

func (p *performance) failure(line Line) error {
	switch {
	case p.failed == nil:
		return fmt.Errorf(`no earlier line failed under "!"`)
	case !strings.Contains(p.failed.Error(), line.Args[0]):
		return fmt.Errorf("it is %q", p.failed)
	}
	return nil
}

func (p *performance) settle(line Line) error {
	if slices.Contains(line.Args, "reminders") {
		if err := p.wait(p.reminded); err != nil {
			return err
		}
	}
	_, err := p.watch().Wait(p.ctx)
	return err
}

// reminded reports whether each reminder that the story's executions have published was handled, or cancelled.
func (p *performance) reminded() (bool, error) {
	handled := map[string]bool{}
	own := p.Steps.Where(p.own)
	for _, step := range own {
		handled[step.EventID] = true
		for _, id := range step.Cancelled {
			handled[id] = true
		}
	}
	for _, step := range own {
		for _, e := range step.Published {
			if !e.Due.IsZero() && !handled[e.ID] {
				return false, fmt.Errorf("%s of %s, due at %s, was not handled", e.Type, step.Service, e.Due.Format(time.TimeOnly))
			}
		}
	}
	return true, nil
}

func (p *performance) watch() settle.Watch {
	w := p.Target.Watch()
	w.Steps, w.Interval, w.IgnoreDelayed = p.Steps.Count, p.Every, true
	return w
}

func (p *performance) queue(line Line) error {
	report, err := p.watch().Look(p.ctx)
	if err != nil {
		return err
	}
	var full []string
	for _, depth := range append(report.Queues, report.DeadLetters...) {
		if name, _, _ := strings.Cut(depth.Queue, " "); name == line.Args[0] && !depth.Empty() {
			full = append(full, depth.String())
		}
	}
	if len(full) > 0 {
		return fmt.Errorf("it is not empty: %s", strings.Join(full, "; "))
	}
	return nil
}

// count returns the count that a line asks for, by default one.
func count(values [][2]string) (int, error) {
	for _, v := range values {
		if v[0] == "count" {
			return strconv.Atoi(v[1])
		}
	}
	return 1, nil
}
