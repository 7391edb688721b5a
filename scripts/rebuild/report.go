package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/archive"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/stack"
)

// show prints what would be dropped, what there is to make it from, and what that lacks.
func (r *rebuilder) show(found archive.Contents) {
	r.printf("%s keeps %s and %s of events that it has handled, in table %s\n",
		r.options.service, cli.Count(r.before.documents, "document"), cli.Count(r.before.records, "record"), r.table.name)
	r.printf("The archive holds events since %s; since %s %s of the bus that %s subscribes to:\n",
		r.since.UTC().Format(time.RFC3339), r.within.From.Format(time.RFC3339), cli.Count(found.Total, "event"), r.options.service)
	rows := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', 0)
	for _, eventType := range slices.Sorted(maps.Keys(found.Types)) {
		fmt.Fprintf(rows, "  %d\t%s\n", found.Types[eventType], eventType)
	}
	_ = rows.Flush()
	if found.More {
		r.printf("These are only the first of them.\n")
	}
	r.printf("They are counted in the log group %s; a rule with a condition lets fewer through.\n", r.at.Journal)
	for _, missing := range found.Missing {
		r.printf("%s\n", missing)
	}
	if begin := later(r.within.From, r.since); !r.before.oldest.IsZero() && r.before.oldest.Before(begin) {
		r.printf("WARNING: %s has handled events since %s. What it keeps of those before %s will be lost.\n",
			r.options.service, r.before.oldest.UTC().Format(time.RFC3339), begin.UTC().Format(time.RFC3339))
	}
	var actions []string
	for _, permission := range r.service.Permissions {
		actions = append(actions, permission.Actions...)
	}
	if len(actions) > 0 {
		r.printf("WARNING: %s may do this again for each event: %s\n", r.options.service, strings.Join(actions, ", "))
	}
	if r.env != stack.Env {
		r.printf("Until it is done, answers are incomplete. Each item read or deleted is billed.\n")
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// conclude prints what the service did, and what it keeps now. A failure is an error.
func (r *rebuilder) conclude(ctx context.Context, steps []events.Step, late bool) error {
	ids := map[string]bool{}
	for _, step := range steps {
		ids[step.EventID] = true
	}
	failed := false
	for _, result := range archive.Results(steps, ids) {
		if result.Service != r.options.service {
			continue
		}
		var outcomes []string
		for _, outcome := range slices.Sorted(maps.Keys(result.Outcomes)) {
			outcomes = append(outcomes, fmt.Sprintf("%d %s", result.Outcomes[outcome], outcome))
		}
		r.printf("  %s: %s\n", result.Service, strings.Join(outcomes, ", "))
		failed = result.Failed()
	}
	after, err := r.table.count(ctx, func(int) {})
	if err != nil {
		return err
	}
	r.printf("%s keeps %s; before it was %d\n", r.options.service, cli.Count(after.documents, "document"), r.before.documents)
	switch {
	case failed:
		return fmt.Errorf("%s failed at some of the events: make redrive SERVICE=%s DRY_RUN=1 shows why", r.options.service, r.options.service)
	case late:
		r.printf("After %s it has not handled all of them: it goes on, and nothing is left to do but wait.\n", r.watch)
	}
	return nil
}
