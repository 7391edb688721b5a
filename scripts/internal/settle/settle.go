// Package settle waits until nothing is unhandled any more: the verb that takes the
// place of sleeping in a system where everything happens later.
//
// It asks the queues themselves, through the SQS API, so that it works wherever the
// services run. A message is always in some queue until its consequences are in
// theirs (a service acknowledges after it has published), so that queues which are all
// empty mean that nothing is left to happen. One look is not enough, for a message may
// move from a queue that is not yet looked at to one that was; two looks without a
// step between them are.
package settle

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/scripts/internal/pause"
)

// Watch is what to wait for.
type Watch struct {
	Client      *sqs.Client
	Queues      map[string]string // by name, their URLs: these become empty
	DeadLetters map[string]string // these are reported and not waited for
	Steps       func() int        // how many steps there were so far; may be nil
	Interval    time.Duration     // between two looks; what the SQS API answers is exact locally, and late on AWS

	// IgnoreDelayed takes messages that are not due yet, which are reminders, as settled.
	IgnoreDelayed bool
}

// Report is what was in the queues at the last look.
type Report struct {
	Queues      []Depth `json:"queues"` // sorted by name
	DeadLetters []Depth `json:"deadLetters"`
}

// UnsettledError says what was still unhandled when the waiting ended.
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
		return fmt.Sprintf("steps kept coming while the queues were looked at (%v)", e.Err)
	}
	return fmt.Sprintf("messages are still unhandled (%v): %s", e.Err, strings.Join(left, "; "))
}

// Unwrap returns the context's error.
func (e *UnsettledError) Unwrap() error { return e.Err }

// Wait returns when everything is handled. When the context ends before that, the error
// is an *UnsettledError.
func (w Watch) Wait(ctx context.Context) (report Report, err error) {
	calm, before := 0, -1 // looks in a row at empty queues, without a step; steps at the last one
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
			pause.For(ctx, w.Interval) // the next look notices the end of the context
		}
	}
	return report, nil
}

// Look reports what is in the queues now.
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
