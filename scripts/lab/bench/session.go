package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"example.com/troupe/scripts/internal/stories"
)

// scale is how much is measured.
type scale struct {
	repeats   int
	messages  int           // per measurement at maximum speed
	steady    time.Duration // duration of a measurement at a steady rate
	stories   int           // per measurement of the flow
	fill      int           // stories that fill what is bounded, before its memory is measured
	benchmark time.Duration // duration of one benchmark of the matcher
}

var (
	whole = scale{repeats: 5, messages: 6000, steady: 5 * time.Second, stories: 600, fill: 8000, benchmark: 500 * time.Millisecond}
	quick = scale{repeats: 1, messages: 400, steady: time.Second, stories: 30, fill: 30, benchmark: 20 * time.Millisecond}
)

// session is one run of the command.
type session struct {
	root, folder string // the checkout, and a folder for temporary files
	binary       string // the local cloud's
	scale        scale
	story        *stories.Story // whose flow is measured; nil if there is none
	problems     io.Writer
	report       *report
}

// parts are the parts of the benchmark.
var parts = []struct {
	name    string
	measure func(*session, context.Context) error
}{
	{"matcher", (*session).matcher},
	{"start", (*session).start},
	{"services", (*session).services},
	{"save", (*session).save},
	{"sqs", (*session).queue},
	{"sns", func(r *session, ctx context.Context) error { return r.through(ctx, snsRoute) }},
	{"events", func(r *session, ctx context.Context) error { return r.through(ctx, eventsRoute) }},
	{"steady", (*session).steady},
	{"flow", (*session).flow},
	{"calls", (*session).calls},
	{"memory", (*session).memory},
}

func partNames() (names []string) {
	for _, p := range parts {
		names = append(names, p.name)
	}
	return names
}

// measure measures the requested parts, or all, and returns the report.
func measure(ctx context.Context, root string, o options, problems io.Writer) (_ *report, err error) {
	r := &session{root: root, scale: whole, problems: problems, report: newReport(ctx, root, o.quick)}
	if o.quick {
		r.scale = quick
	}
	if r.story, err = stories.Choose(root, o.story, (*stories.Story).Demo); err != nil {
		return nil, err
	}
	if r.folder, err = os.MkdirTemp("", "troupe-bench-"); err != nil {
		return nil, err
	}
	defer os.RemoveAll(r.folder)
	r.progress("building")
	if r.binary, err = build(ctx, root, r.folder); err != nil {
		return nil, err
	}
	for _, p := range parts {
		if len(o.only) > 0 && !slices.Contains(o.only, p.name) {
			continue
		}
		if err := p.measure(r, ctx); err != nil {
			return nil, fmt.Errorf("%s: %w", p.name, err)
		}
	}
	r.report.took = time.Since(r.report.began)
	return r.report, nil
}

func (r *session) progress(format string, arguments ...any) {
	fmt.Fprintf(r.problems, "%5.0f s  %s\n", time.Since(r.report.began).Seconds(), fmt.Sprintf(format, arguments...))
}
