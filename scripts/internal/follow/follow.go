// Package follow waits until a troupe that runs somewhere has nothing left to do, and reads its steps meanwhile.
package follow

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"golang.org/x/sync/errgroup"

	"example.com/troupe/scripts/internal/settle"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/target"
	"example.com/troupe/scripts/internal/trace"
)

// Pulse is how often logs and queues are looked at, and how long logs must be silent when the
// queues are empty.
type Pulse struct{ Every, Silence time.Duration }

// PulseOf returns the pulse for an environment. On AWS a line takes seconds to become visible.
func PulseOf(env string) Pulse {
	if env == stack.Env {
		return Pulse{100 * time.Millisecond, 300 * time.Millisecond}
	}
	return Pulse{time.Second, 8 * time.Second}
}

// Logs reads the steps of a troupe since a moment into a collector.
func Logs(of *target.Target, since time.Time, to *trace.Collector) *trace.Logs {
	return &trace.Logs{Client: cloudwatchlogs.NewFromConfig(of.Config), Groups: of.LogGroups, Since: since, To: to}
}

// Wait reads logs until the queues of services, none standing for all, are empty and the logs are silent. Reminders that
// are not due count as nothing left to do.
func Wait(ctx context.Context, of *target.Target, logs *trace.Logs, pulse Pulse, services ...string) error {
	queues := settle.Watch{
		Client: sqs.NewFromConfig(of.Config), Queues: map[string]string{}, Steps: logs.To.Count,
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
	group.Go(func() error { return poll(ctx, logs, pulse, settled) })
	return group.Wait()
}

// poll reads logs; once the queues have settled, it ends when there is nothing new for a while.
func poll(ctx context.Context, logs *trace.Logs, pulse Pulse, settled <-chan struct{}) error {
	tick := time.NewTicker(pulse.Every)
	defer tick.Stop()
	count, changed := 0, time.Now()
	for {
		if err := logs.Poll(ctx); err != nil {
			return err
		}
		if n := logs.To.Count(); n != count {
			count, changed = n, time.Now()
		}
		select {
		case <-settled:
			if time.Since(changed) > pulse.Silence {
				return nil
			}
		default:
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}
