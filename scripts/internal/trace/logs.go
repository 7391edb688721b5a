package trace

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"example.com/troupe/events"
)

// latest is how late a line may become visible after the lines of its time: each poll looks
// that far back again.
const latest = 15 * time.Second

// The lines that are asked for: steps, and the events that the bus's own rule writes to its log group.
const (
	isStep  = `$.msg = "` + events.StepMessage + `"`
	isEvent = `$.detail.metadata.id = "*"`
)

// Logs reads CloudWatch Logs: the lines of services that run elsewhere.
type Logs struct {
	Client *cloudwatchlogs.Client
	Groups []string
	Since  time.Time
	To     *Collector // takes the steps

	// Line, where set, takes the steps in place of To, and the events of the bus.
	Line func(at time.Time, line []byte)

	read map[string]*group
}

// group is how far one log group has been read.
type group struct {
	since time.Time
	seen  map[string]time.Time // lines of the last moments, by their ids
}

// Poll reads what is new in all groups, and returns the first error. What could not be read is new the next time. Groups
// that are not there, because their service has not logged yet, have nothing new.
func (l *Logs) Poll(ctx context.Context) (first error) {
	if l.read == nil {
		l.read = map[string]*group{}
	}
	for _, name := range l.Groups {
		g := l.read[name]
		if g == nil {
			g = &group{since: l.Since, seen: map[string]time.Time{}}
			l.read[name] = g
		}
		err := l.poll(ctx, name, g)
		if _, missing := errors.AsType[*types.ResourceNotFoundException](err); err != nil && !missing && first == nil {
			first = fmt.Errorf("read the logs of %s: %w", name, err)
		}
	}
	return first
}

func (l *Logs) poll(ctx context.Context, name string, g *group) error {
	wanted := "{ " + isStep + " }"
	if l.Line != nil {
		wanted = "{ (" + isStep + ") || (" + isEvent + ") }"
	}
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(l.Client, &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: &name, StartTime: aws.Int64(g.since.UnixMilli()), FilterPattern: &wanted,
	})
	newest := g.since
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, event := range page.Events {
			id, at := aws.ToString(event.EventId), time.UnixMilli(aws.ToInt64(event.Timestamp))
			if _, known := g.seen[id]; known {
				continue
			}
			g.seen[id] = at
			if at.After(newest) {
				newest = at
			}
			l.take(at, []byte(aws.ToString(event.Message)))
		}
	}
	g.moveOn(newest)
	return nil
}

func (l *Logs) take(at time.Time, line []byte) {
	if l.Line != nil {
		l.Line(at, line)
		return
	}
	l.To.Line(line)
}

// moveOn makes the next poll begin a little before the newest line, and forgets what it will not see again.
func (g *group) moveOn(newest time.Time) {
	if back := newest.Add(-latest); back.After(g.since) {
		g.since = back
	}
	for id, at := range g.seen {
		if at.Before(g.since) {
			delete(g.seen, id)
		}
	}
}
