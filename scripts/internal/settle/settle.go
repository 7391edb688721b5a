// Package settle waits until everything is handled, so that tests and commands need no sleeps in an asynchronous
// system.
//
// It asks the queues through the SQS API, so it works wherever the services run. A service acknowledges a message
// only after it has published the resulting events, so a message stays in some queue until its consequences are in
// others. If all queues are empty, nothing is left to do. One look is not enough, because a message may move from a
// queue not yet looked at to one already looked at. Two looks without a step between them are.
package settle

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/scripts/internal/pause"
)

// Watch describes what to wait for.
type Watch struct {
	Client      *sqs.Client
	Queues      map[string]string // URLs by name; Wait waits until these are empty
	DeadLetters map[string]string // reported, but not waited for
	Steps       func() int        // returns the number of steps so far; may be nil
	Interval    time.Duration     // between two looks. Locally SQS's counts are exact; on AWS they lag

	// IgnoreDelayed treats delayed messages, which are reminders, as settled.
	IgnoreDelayed bool
}

// Report is what the queues held at the last look.
type Report struct {
	Queues      []Depth `json:"queues"` // sorted by name
	DeadLetters []Depth `json:"deadLetters"`
}

// UnsettledError reports what was still unhandled when the context ended.
type UnsettledError struct {
	Report Report
	Err    error // of the context
}

func (e *UnsettledError) Error() string {
	var left []string
	for _, d := range e.Report.Queues {
		if !d.Empty() {
			left = append(left, d.String())
		}
	}
	if len(left) == 0 {
		return fmt.Sprintf("steps kept arriving while the queues were checked (%v)", e.Err)
	}
	return fmt.Sprintf("messages are still unhandled (%v): %s", e.Err, strings.Join(left, "; "))
}

// Unwrap returns the context's error.
func (e *UnsettledError) Unwrap() error { return e.Err }

// Wait returns once everything is handled. If the context ends first, it returns an *UnsettledError.
func (w Watch) Wait(ctx context.Context) (report Report, err error) {
	calm, before := 0, -1 // consecutive looks at empty queues without a step; number of steps at the last look
	for calm < 2 {
		latest, err := w.Look(ctx)
		switch {
		case ctx.Err() != nil:
			return report, &UnsettledError{Report: report, Err: ctx.Err()}
		case err != nil:
			return report, err
		}
		report = latest
		steps := w.steps()
		switch {
		case !w.settled(report):
			calm = 0
		case steps != before:
			calm = 1
		default:
			calm++
		}
		before = steps
		if calm < 2 {
			pause.For(ctx, w.Interval) // the next look returns the context's error
		}
	}
	return report, nil
}

// Look reports what the queues hold now.
func (w Watch) Look(ctx context.Context) (report Report, err error) {
	if report.Queues, err = w.depths(ctx, w.Queues); err != nil {
		return report, err
	}
	report.DeadLetters, err = w.depths(ctx, w.DeadLetters)
	return report, err
}

func (w Watch) steps() int {
	if w.Steps == nil {
		return 0
	}
	return w.Steps()
}

func (w Watch) settled(report Report) bool {
	for _, d := range report.Queues {
		if d.Visible > 0 || d.InFlight > 0 || d.Delayed > 0 && !w.IgnoreDelayed {
			return false
		}
	}
	return true
}
