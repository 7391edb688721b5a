package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/trace"
)

// print prints the executions of each story, whether the demo succeeded, and where the time went.
func (r *report) print(out io.Writer) error {
	printer := trace.Printer{Out: out, Colours: trace.Coloured(out)}
	for _, p := range r.Stories {
		fmt.Fprintf(out, "%s: %s\n", p.Name, p.Title)
		for _, execution := range p.Executions {
			if err := printer.Print(execution.Subject, execution); err != nil {
				return err
			}
		}
		switch {
		case p.Skipped != "":
			fmt.Fprintln(out, "skipped:", p.Skipped)
		case p.Error != "":
			fmt.Fprintln(out, "FAILED:", p.Error)
		}
		fmt.Fprintln(out)
	}
	if left := r.unhandled(); len(left) > 0 {
		fmt.Fprintln(out, "These queues should be empty:\n  "+strings.Join(left, "\n  "))
	} else {
		fmt.Fprintln(out, "Every queue and dead-letter queue is empty"+r.reminders()+".")
	}
	_, err := fmt.Fprintln(out, r.times())
	return err
}

// reminders describes the delayed reminders.
func (r *report) reminders() string {
	n := 0
	for _, depth := range r.Queues.Queues {
		n += depth.Delayed
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", but for %s not due yet", cli.Count(n, "reminder"))
}

// times describes where the time went.
func (r *report) times() string {
	var total time.Duration
	parts := make([]string, len(r.Phases))
	for i, phase := range r.Phases {
		total += phase.Duration
		parts[i] = fmt.Sprintf("%s %.2f s", phase.Name, phase.Duration.Seconds())
	}
	return fmt.Sprintf("%.1f s: %s.", total.Seconds(), strings.Join(parts, ", "))
}
