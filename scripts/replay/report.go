package main

import (
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

// delay is how late AWS may archive an event (user guide, "Archiving and replaying events": wait 10 minutes).
const delay = 10 * time.Minute

// printf prints text output.
func (r *replayer) printf(format string, arguments ...any) {
	if !r.json {
		fmt.Fprintf(r.out, format, arguments...)
	}
}

// show prints the events in the range, and what a user should know before replaying them.
func (r *replayer) show() {
	found := r.report.Events
	r.printf("%s: %s of the bus that %s to\n", r.within, cli.Count(found.Total, "event"), subscribe(r.report.Services))
	if found.More {
		r.printf("These are only the first of them.\n")
	}
	if !r.json {
		rows := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', 0)
		for _, eventType := range slices.Sorted(maps.Keys(found.Types)) {
			fmt.Fprintf(rows, "  %d\t%s\t%s\n", found.Types[eventType], eventType, strings.Join(r.subscribers(eventType), ", "))
		}
		_ = rows.Flush()
	}
	r.printf("They are counted in the log group %s; a service whose rule has a condition receives fewer.\n", r.at.Journal)
	for _, missing := range found.Missing {
		r.printf("%s\n", missing)
	}
	if r.env != stack.Env && time.Since(r.within.To) < delay {
		r.printf("AWS archives an event up to 10 minutes late: the latest may be missing.\n")
	}
	if told := archive.Outside(r.declared, r.report.Services); len(told) > 0 {
		r.printf("People and webhooks that subscribe to %s receive them again: a repeat publishes the same events.\n", strings.Join(told, ", "))
	}
}

func subscribe(services []string) string {
	if len(services) == 1 {
		return services[0] + " subscribes"
	}
	return "services subscribe"
}

// subscribers returns the chosen services that subscribe to an event.
func (r *replayer) subscribers(eventType string) []string {
	return slices.DeleteFunc(slices.Clone(r.report.Services), func(s string) bool { return r.at.Rules[s][eventType] == "" })
}

// conclude prints what services did. A failure of one is an error.
func (r *replayer) conclude() error {
	var failed []string
	for _, result := range r.report.Results {
		var outcomes []string
		for _, outcome := range slices.Sorted(maps.Keys(result.Outcomes)) {
			outcomes = append(outcomes, fmt.Sprintf("%d %s", result.Outcomes[outcome], meaning(outcome)))
		}
		r.printf("  %s: %s\n", result.Service, strings.Join(outcomes, ", "))
		if result.Failed() {
			failed = append(failed, result.Service)
		}
	}
	if r.report.Waiting {
		r.printf("After %s services have not handled all of them: check again later.\n", r.watch)
	}
	if len(failed) > 0 {
		return fmt.Errorf("%s failed at some of them: make redrive SERVICE=%s DRY_RUN=1 shows why", strings.Join(failed, ", "), failed[0])
	}
	return nil
}

func meaning(outcome events.Outcome) string {
	if outcome == events.Repeated {
		return "repeated (handled before: nothing changed)"
	}
	return string(outcome)
}
