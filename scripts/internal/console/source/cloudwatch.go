package source

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/console/record"
	"example.com/troupe/scripts/internal/trace"
)

// latest is how late a line may become visible after the lines of its time: each poll looks
// that far back again.
const latest = 15 * time.Second

// wanted lets through steps, and the events that the bus's own rule writes to its log group.
const wanted = `{ ($.msg = "` + events.StepMessage + `") || ($.detail.metadata.id = "*") }`

// CloudWatch reads the log groups of a troupe.
type CloudWatch struct {
	Client *cloudwatchlogs.Client
	Groups []string
	Since  time.Time     // history begins here
	Every  time.Duration // how often to ask: CloudWatch takes 10 requests a second from an account, by default
}

// group is how far one log group has been read.
type group struct {
	name  string
	since time.Time
	seen  map[string]time.Time // events of the last moments, by their ids
}

// Read implements record.Source. What goes wrong is told as trouble, and tried again.
func (c *CloudWatch) Read(ctx context.Context, to record.Sink) error {
	groups := make([]*group, len(c.Groups))
	for i, name := range c.Groups {
		groups[i] = &group{name: name, since: c.Since, seen: map[string]time.Time{}}
	}
	tick := time.NewTicker(c.Every)
	defer tick.Stop()
	for {
		var trouble error
		for _, g := range groups {
			if err := c.poll(ctx, g, to); err != nil && trouble == nil {
				trouble = fmt.Errorf("read the logs of %s: %w", g.name, err)
			}
		}
		if ctx.Err() != nil {
			return nil
		}
		to.Trouble(trouble)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// poll reads what is new. A group that is not there, because its service has not logged yet, has nothing new.
func (c *CloudWatch) poll(ctx context.Context, g *group, to record.Sink) error {
	newest := g.since
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(c.Client, &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: &g.name, StartTime: aws.Int64(g.since.UnixMilli()), FilterPattern: aws.String(wanted),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if _, missing := errors.AsType[*types.ResourceNotFoundException](err); missing {
			return nil
		}
		if err != nil {
			return err
		}
		for _, event := range page.Events {
			at := time.UnixMilli(aws.ToInt64(event.Timestamp))
			if _, known := g.seen[aws.ToString(event.EventId)]; known {
				continue
			}
			g.seen[aws.ToString(event.EventId)] = at
			if at.After(newest) {
				newest = at
			}
			tell(at, []byte(aws.ToString(event.Message)), to)
		}
	}
	g.moveOn(newest)
	return nil
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

// tell hands on what a line says. Of an event of the bus only the metadata is taken: whether payloads may be
// seen is for the services to say, in their steps.
func tell(at time.Time, line []byte, to record.Sink) {
	if step, ok := trace.Parse(line); ok {
		to.Step(step)
		return
	}
	if event, ours := eventIn(line); ours {
		to.Hop(record.Hop{Time: at, Kind: record.Published, Event: event})
	}
}
