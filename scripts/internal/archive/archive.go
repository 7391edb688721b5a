package archive

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"example.com/troupe/scripts/internal/pause"
	"example.com/troupe/scripts/internal/target"
)

// NoArchiveError reports that an environment keeps no events to replay.
type NoArchiveError struct{ What string }

func (e *NoArchiveError) Error() string {
	return "there is no " + e.What + ": this environment keeps no events to replay (make up and make deploy create it)"
}

// Archive is the archive of a troupe's bus.
type Archive struct {
	at   *target.Target
	bus  *eventbridge.Client
	logs *cloudwatchlogs.Client
}

// Of returns the archive of a target.
func Of(at *target.Target) *Archive {
	return &Archive{at: at, bus: eventbridge.NewFromConfig(at.Config), logs: cloudwatchlogs.NewFromConfig(at.Config)}
}

// Services returns the services that subscribe to events on the bus, sorted. Only these can receive a replay.
func (a *Archive) Services() []string {
	var services []string
	for _, name := range slices.Sorted(maps.Keys(a.at.Rules)) {
		if len(a.at.Rules[name]) > 0 {
			services = append(services, name)
		}
	}
	return services
}

// subscribed returns the event types on the bus to which a service, or any service if it is "", subscribes.
func (a *Archive) subscribed(service string) map[string]bool {
	types := map[string]bool{}
	for name, rules := range a.at.Rules {
		for eventType := range rules {
			types[eventType] = types[eventType] || service == "" || name == service
		}
	}
	return types
}

// rules returns the ARNs of the rules of a service, or of all services. It never includes the journal's rule, so that
// a replay doesn't record the same events again.
func (a *Archive) rules(service string) (arns []string) {
	for _, name := range a.Services() {
		if service == "" || name == service {
			arns = append(arns, slices.Sorted(maps.Values(a.at.Rules[name]))...)
		}
	}
	return arns
}

// States of a replay that has ended.
const (
	completed = types.ReplayStateCompleted
	cancelled = types.ReplayStateCancelled
	failed    = types.ReplayStateFailed
)

// Replay is the state of a replay.
type Replay struct {
	Name  string            `json:"name"`
	State types.ReplayState `json:"state"`
	At    time.Time         `json:"at,omitzero"` // the time of the last event that was replayed
	Why   string            `json:"why,omitempty"`
}

// Ended reports whether the replay has ended.
func (r Replay) Ended() bool {
	return slices.Contains([]types.ReplayState{completed, cancelled, failed}, r.State)
}

// Start starts replaying a range to the rules of a service, or of all services if it is "".
func (a *Archive) Start(ctx context.Context, r Range, service string) (Replay, error) {
	held, err := a.Held(ctx)
	if err != nil {
		return Replay{}, err
	}
	name := a.at.BusName + time.Now().UTC().Format("-20060102T150405.000")
	out, err := a.bus.StartReplay(ctx, &eventbridge.StartReplayInput{
		ReplayName: &name, EventSourceArn: &a.at.Archive, EventStartTime: &r.From, EventEndTime: &r.To,
		Destination: &types.ReplayDestination{Arn: held.EventSourceArn, FilterArns: a.rules(service)},
	})
	if err != nil {
		return Replay{}, fmt.Errorf("start the replay of %s: %w", r, err)
	}
	return Replay{Name: name, State: out.State}, nil
}

// Reach returns the time since which the archive holds events: when it was made, or its retention ago.
func (a *Archive) Reach(ctx context.Context, now time.Time) (time.Time, error) {
	held, err := a.Held(ctx)
	if err != nil {
		return time.Time{}, err
	}
	since := aws.ToTime(held.CreationTime)
	if days := int(aws.ToInt32(held.RetentionDays)); days > 0 && now.AddDate(0, 0, -days).After(since) { // 0 keeps events for ever
		since = now.AddDate(0, 0, -days)
	}
	return since, nil
}

// Held returns how the archive is set up. Without one, it returns a *NoArchiveError.
func (a *Archive) Held(ctx context.Context) (*eventbridge.DescribeArchiveOutput, error) {
	held, err := a.bus.DescribeArchive(ctx, &eventbridge.DescribeArchiveInput{ArchiveName: aws.String(nameOf(a.at.Archive))})
	if _, missing := errors.AsType[*types.ResourceNotFoundException](err); missing || a.at.Archive == "" {
		return nil, &NoArchiveError{What: "archive " + a.at.Archive}
	}
	if err != nil {
		return nil, fmt.Errorf("find the archive: %w", err)
	}
	return held, nil
}

// Look returns the current state of a replay.
func (a *Archive) Look(ctx context.Context, name string) (Replay, error) {
	out, err := a.bus.DescribeReplay(ctx, &eventbridge.DescribeReplayInput{ReplayName: &name})
	if err != nil {
		return Replay{}, fmt.Errorf("get the state of replay %s: %w", name, err)
	}
	return Replay{Name: name, State: out.State, At: aws.ToTime(out.EventLastReplayedTime), Why: aws.ToString(out.StateReason)}, nil
}

// Wait waits until a replay has ended, and reports its progress. If the context ends, it cancels the replay.
func (a *Archive) Wait(ctx context.Context, name string, every time.Duration, progress func(Replay)) error {
	for {
		now, err := a.Look(ctx, name)
		switch {
		case ctx.Err() != nil:
			return errors.Join(ctx.Err(), a.cancel(context.WithoutCancel(ctx), name))
		case err != nil:
			return err
		case now.State == completed:
			return nil
		case now.Ended():
			return fmt.Errorf("replay %s ended as %s: %s", name, now.State, now.Why)
		}
		progress(now)
		pause.For(ctx, every) // the next look returns the context's error
	}
}

func (a *Archive) cancel(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if _, err := a.bus.CancelReplay(ctx, &eventbridge.CancelReplayInput{ReplayName: &name}); err != nil {
		return fmt.Errorf("cancel replay %s: %w", name, err)
	}
	return nil
}

// nameOf returns the name in an archive's ARN: "arn:…:archive/troupe-dev".
func nameOf(arn string) string { return arn[strings.LastIndex(arn, "/")+1:] }
