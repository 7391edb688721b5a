// Package follow waits until a running troupe has nothing left to do, and reads its steps meanwhile.
package follow

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"golang.org/x/sync/errgroup"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/logs"
	"example.com/troupe/scripts/internal/pause"
	"example.com/troupe/scripts/internal/settle"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/target"
	"example.com/troupe/scripts/internal/trace"
)

// Pulse is how often logs and queues are polled, and how long logs must be silent once the queues are empty.
type Pulse struct{ Every, Silence time.Duration }

// PulseOf returns the pulse for an environment. On AWS a log line takes seconds to become visible.
func PulseOf(env string) Pulse {
	if env == stack.Env {
		return Pulse{100 * time.Millisecond, 300 * time.Millisecond}
	}
	return Pulse{time.Second, 8 * time.Second}
}

// Logs reads the steps of a troupe from CloudWatch Logs.
type Logs struct {
	logs.Reader
	steps *trace.Collector
}

// NewLogs returns a reader that collects the steps of a target since a given time.
func NewLogs(of *target.Target, since time.Time, to *trace.Collector) *Logs {
	return &Logs{logs.Reader{
		Client: cloudwatchlogs.NewFromConfig(of.Config), Groups: of.LogGroups, Since: since,
		Pattern: `{ $.msg = "` + events.StepMessage + `" }`,
		Line:    func(_ time.Time, line []byte) { to.Line(line) },
	}, to}
}

// Wait reads logs until the queues of the named services, or of all, are empty and the logs are silent. Delayed
// reminders don't keep it waiting.
func Wait(ctx context.Context, of *target.Target, logs *Logs, pulse Pulse, services ...string) error {
	queues := settle.Watch{
		Client: sqs.NewFromConfig(of.Config), Queues: map[string]string{}, Steps: logs.steps.Count,
		Interval: pulse.Every, IgnoreDelayed: true,
	}
	for service, urls := range of.Queues {
		if len(services) == 0 || slices.Contains(services, service) {
			queues.Queues[service] = urls.Main
		}
	}
	settled := make(chan struct{})
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(settled)
		_, err := queues.Wait(ctx)
		return err
	})
	group.Go(func() error { return logs.Read(ctx, pulse, settled) })
	return group.Wait()
}

// Read reads logs until over is closed, and then until nothing new appears for a while.
func (l *Logs) Read(ctx context.Context, pulse Pulse, over <-chan struct{}) error {
	count, changed := 0, time.Now()
	for {
		ended := closed(over) // checked before the poll, so that the last poll sees everything
		if err := l.Poll(ctx); err != nil {
			return err
		}
		if n := l.steps.Count(); n != count {
			count, changed = n, time.Now()
		}
		if ended && time.Since(changed) >= pulse.Silence {
			return nil
		}
		if !pause.For(ctx, pulse.Every) {
			return ctx.Err()
		}
	}
}

func closed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}
