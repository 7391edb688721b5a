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

// Stage is a system that runs somewhere, for stories to be played on.
type Stage struct {
	Target    *target.Target
	Contracts []schema.Event
	API       string           // URL of the HTTP API
	Token     string           // for the API's authorizer; "" is none
	Steps     *trace.Collector // takes the steps of all services while stories are played

	Patience time.Duration // the longest wait of one line
	Every    time.Duration // between two looks at something that is going to change

	// Transport makes the requests; nil is the network.
	Transport http.RoundTripper
	// Local says that the stage is a local cloud, with permissions that are enforced.
	Local bool
	// As returns how to reach the stage with a service's permissions alone; nil where that can't be had.
	As func(ctx context.Context, service string) (aws.Config, error)
	// Unready says which answers mean that the API is not there yet; nil is none. Such a request is made again.
	Unready func(*http.Response, error) bool
}

// Result is how a story went.
type Result struct {
	Story      *Story
	Skipped    string   // why it was not played; "" if it was
	Executions []string // the correlation ids of what it began, in order
	Took       time.Duration
}

// Play plays a story to its end, or to the first line that does not hold. The error is an *Error.
func (s *Stage) Play(ctx context.Context, story *Story) (Result, error) {
	result := Result{Story: story}
	if story.Only("local") && !s.Local {
		result.Skipped = "it needs a local cloud"
		return result, nil
	}
	began := time.Now()
	p := &performance{Stage: s, story: story, variables: Variables{"story": "s-" + strings.ReplaceAll(events.NewID(), "-", "")[:20]}}
	err := p.play(ctx)
	result.Executions, result.Took = p.executions, time.Since(began)
	return result, err
}

// performance is a story at play.
type performance struct {
	*Stage
	story      *Story
	ctx        context.Context // of the line
	variables  Variables
	executions []string
	last       *answer // of the last request
	failed     error   // of the last line that failed under "!"
	next       string  // the verb after the line
}

func (p *performance) play(ctx context.Context) error {
	for i, line := range p.story.Lines {
		run := verbs[line.Verb].run
		if run == nil {
			continue // read before the story is played
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
	if !line.Not || line.Verb == "saw" { // which knows what "!" means for it
		return err
	}
	if p.failed = err; err == nil {
		return fmt.Errorf("it should have failed")
	}
	return nil
}

// begin returns the correlation id of a new execution of the story.
func (p *performance) begin() string {
	id := fmt.Sprintf("%s-%d", p.variables["story"], len(p.executions)+1)
	p.executions = append(p.executions, id)
	return id
}

// own reports whether a step belongs to the story.
func (p *performance) own(step events.Step) bool {
	return slices.Contains(p.executions, step.CorrelationID)
}

// wait calls look until it is done, which it says by true, or the line has taken too long; then it returns what the last
// look that had the time for it saw.
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
		return fmt.Errorf(`no line failed under "!" before`)
	case !strings.Contains(p.failed.Error(), line.Args[0]):
		return fmt.Errorf("it is %q", p.failed)
	}
	return nil
}

func (p *performance) settle(line Line) error {
	_, err := p.watch(!slices.Contains(line.Args, "reminders")).Wait(p.ctx)
	return err
}

func (p *performance) watch(ignoreDelayed bool) settle.Watch {
	w := p.Target.Watch()
	w.Steps, w.Interval, w.IgnoreDelayed = p.Steps.Count, p.Every, ignoreDelayed
	return w
}

func (p *performance) queue(line Line) error {
	report, err := p.watch(false).Look(p.ctx)
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

// count is how many of something a line wants: one, if it does not say.
func count(values [][2]string) (int, error) {
	for _, v := range values {
		if v[0] == "count" {
			return strconv.Atoi(v[1])
		}
	}
	return 1, nil
}
