package main

import (
	"fmt"
	"text/tabwriter"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/stack"
)

// byHand notes what a person has to do.
func (e *eraser) byHand(format string, args ...any) {
	e.report.ByHand = append(e.report.ByHand, fmt.Sprintf(format, args...))
}

// show prints where the subject is.
func (e *eraser) show() {
	e.remains()
	fmt.Fprintf(e.out, "Personal data of %s in %s\n\nwhat can be removed\n", e.subject, e.at.BusName)
	rows := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	for _, s := range e.report.Services {
		if len(s.Documents) > 0 {
			fmt.Fprintf(rows, "  %s\t%s\t%s\n", s.Name, cli.Count(len(s.Documents), "document"), some(s.Documents))
		}
		if len(s.Records) > 0 {
			fmt.Fprintf(rows, "  %s\t%s\t%s\n", s.Name, cli.Count(len(s.Records), "idempotency record"), some(s.Records))
		}
		if s.DeadLetters > 0 {
			fmt.Fprintf(rows, "  %s\t%s\tmake redrive SERVICE=%[1]s DRY_RUN=1 lists all\n", s.Name, cli.Count(s.DeadLetters, "dead letter"))
		}
	}
	if e.removable() == 0 {
		fmt.Fprintf(rows, "  nothing\n")
	}
	_ = rows.Flush()
	fmt.Fprintf(e.out, "\nwhat remains\n")
	e.showRemaining()
	fmt.Fprintln(e.out)
}

// showRemaining prints what can't be removed, and until when it is there.
func (e *eraser) showRemaining() {
	if e.report.Archive.There {
		fmt.Fprintf(e.out, "  archive: events with personal data are there %s; no single event can be removed or searched for\n", days(e.report.Archive.Days, "publishing"))
	}
	for _, l := range e.report.Logs {
		more := ""
		if l.More {
			more = " at least"
		}
		fmt.Fprintf(e.out, "  log group %s: %s%s mention it, the newest of %s; each is there %s\n", l.Group, cli.Count(l.Lines, "line"), more, l.Newest.Format("2006-01-02 15:04"), days(l.Days, "writing"))
	}
	for _, s := range e.report.Services {
		if q := s.Queue; q != nil && q.Messages > 0 {
			fmt.Fprintf(e.out, "  queue of %s: %s, which can't be searched; each is handled, or gone after %d hours\n", s.Name, cli.Count(q.Messages, "message"), q.KeepsHours)
		}
		if q := s.Queue; q != nil && q.Unread > 0 {
			fmt.Fprintf(e.out, "  dead letters of %s: %s were not looked at: empty the queue (make redrive) and run it again\n", s.Name, cli.Count(q.Unread, "message"))
		}
		if s.Young > 0 {
			fmt.Fprintf(e.out, "  %s: %s from which a message in its queues may still publish: run it again when the queues are empty\n", s.Name, cli.Count(s.Young, "idempotency record"))
		}
	}
	for _, what := range e.report.ByHand {
		fmt.Fprintf(e.out, "  by hand: %s\n", what)
	}
}

// remains notes what nothing here can look at.
func (e *eraser) remains() {
	if e.env != stack.Env {
		e.byHand("backups of tables (35 days) and of databases (database.backup_days) can't be changed: run it again after a restore.")
	}
	if len(e.declared.Contracts) > 0 {
		e.byHand("tell subscribers of topics and other accounts what they have to erase; what services keep elsewhere, and in tables of their own, is theirs to erase.")
	}
}

// days says until when something is kept.
func days(n int, since string) string {
	if n == 0 {
		return "for ever: nothing expires"
	}
	return fmt.Sprintf("for %s after %s", cli.Count(n, "day"), since)
}

// some returns the first keys of entries.
func some(entries []entry) string {
	const most = 3
	keys := ""
	for i, e := range entries {
		if i == most {
			return fmt.Sprintf("%s and %d more", keys, len(entries)-most)
		}
		if i > 0 {
			keys += ", "
		}
		keys += e.Key
	}
	return keys
}
