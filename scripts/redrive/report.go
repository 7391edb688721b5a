package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/deadletters"
	"example.com/troupe/scripts/internal/follow"
	"example.com/troupe/scripts/internal/progress"
	"example.com/troupe/scripts/internal/trace"
)

// why describes the messages in each queue.
var why = map[string]string{"failed": "that %s failed at", "undelivered": "that did not reach %s"}

// printf prints text output.
func (r *redriver) printf(format string, arguments ...any) {
	if !r.json {
		fmt.Fprintf(r.out, format, arguments...)
	}
}

// show prints the messages in a queue by reason.
func (r *redriver) show(p *place) {
	r.printf("%s %s\n", cli.Count(p.Total, "message"), fmt.Sprintf(why[p.What], r.service))
	if !p.complete() {
		r.printf("The %d that were read:\n", p.Looked)
	}
	r.table(p.Groups)
}

func (r *redriver) table(groups []deadletters.Group) {
	if r.json || len(groups) == 0 {
		return
	}
	rows := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', 0)
	for _, g := range groups {
		age := since(g.Oldest)
		if newest := since(g.Newest); newest != age {
			age = newest + " to " + age
		}
		fmt.Fprintf(rows, "  %d\t%s\t%s old\t%s\n", g.Count, g.Reason, age, strings.Join(slices.Sorted(maps.Keys(g.Types)), ", "))
	}
	_ = rows.Flush()
	for _, g := range groups {
		about := strings.Join(slices.DeleteFunc([]string{g.Example.Subject, g.Example.Error}, func(s string) bool { return s == "" }), ": ")
		r.printf("  for example (%s) %s, event %s\n", g.Reason, strings.ReplaceAll(about, "\n", "; "), g.Example.EventID)
	}
	r.printf("\n")
}

// since formats how long ago a time was.
func since(then time.Time) string {
	switch d := time.Since(then); {
	case d < 2*time.Minute:
		return fmt.Sprintf("%.0f s", max(0, d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%.0f min", d.Minutes())
	case d < 48*time.Hour:
		return fmt.Sprintf("%.0f h", d.Hours())
	default:
		return fmt.Sprintf("%.0f days", d.Hours()/24)
	}
}

// follow watches for a while what the service does with the messages with these keys, or with all its dead letters if
// keys is nil. Messages that come back are an error.
func (r *redriver) follow(ctx context.Context, began time.Time, keys map[string]bool) error {
	steps := &trace.Collector{}
	stop := progress.Show(ctx, r.notes, func() string {
		return fmt.Sprintf("%s handles them: %d so far", r.service, steps.Count())
	})
	waiting, cancel := context.WithTimeout(ctx, r.watch)
	defer cancel()
	err := follow.Wait(waiting, r.at, follow.NewLogs(r.at, began, steps), follow.PulseOf(r.env), r.service)
	stop()
	r.report.Waiting = errors.Is(err, context.DeadlineExceeded)
	if err != nil && !r.report.Waiting {
		return err
	}
	r.report.Outcomes = outcomes(steps.Where(func(s events.Step) bool { return s.Service == r.service && (keys == nil || keys[s.EventID]) }))
	return r.conclude(ctx, keys)
}

// outcomes counts the events by the outcome of their last step.
func outcomes(steps []events.Step) map[string]int {
	last := map[string]events.Outcome{}
	for _, s := range steps {
		last[s.EventID] = s.Outcome
	}
	counts := map[string]int{}
	for _, outcome := range last {
		counts[string(outcome)]++
	}
	return counts
}

// conclude prints what the service did and what came back.
func (r *redriver) conclude(ctx context.Context, keys map[string]bool) error {
	for _, outcome := range slices.Sorted(maps.Keys(r.report.Outcomes)) {
		r.printf("%s: %d %s\n", r.service, r.report.Outcomes[outcome], outcome)
	}
	if r.report.Waiting {
		r.printf("After %s the service has not handled all of them: check again later.\n", r.watch)
	}
	var returned []deadletters.Letter
	for _, p := range r.places {
		view, err := p.queue.Look(ctx, mostShown)
		if err != nil {
			return err
		}
		for _, l := range view.Letters {
			if keys == nil || keys[l.Key()] {
				returned = append(returned, l)
			}
		}
	}
	if len(returned) == 0 {
		r.printf("Nothing came back.\n")
		return nil
	}
	r.report.Returned = deadletters.Groups(returned)
	r.printf("%s came back:\n", cli.Count(len(returned), "message"))
	r.table(r.report.Returned)
	return fmt.Errorf("%s came back to the dead-letter queues of %s: the cause is not fixed", cli.Count(len(returned), "message"), r.service)
}
