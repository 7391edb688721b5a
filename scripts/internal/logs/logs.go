// Package logs reads new lines from log groups of CloudWatch Logs.
package logs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// latest is how late a line may become visible after others of the same time. Each poll looks back that far.
const latest = 15 * time.Second

// Reader reads log groups. It is not safe for concurrent use.
type Reader struct {
	Client  *cloudwatchlogs.Client
	Groups  []string
	Since   time.Time                       // where the first poll begins
	Pattern string                          // filter pattern that CloudWatch applies
	Line    func(at time.Time, line []byte) // is called once for each line

	groups map[string]*group
}

// group is how far a log group has been read.
type group struct {
	since time.Time
	seen  map[string]time.Time // IDs of recent lines
}

// Poll reads what is new in all groups and returns the first error. A group that doesn't exist yet, because its
// service hasn't logged, has nothing new.
func (r *Reader) Poll(ctx context.Context) (err error) {
	for _, name := range r.Groups {
		failed := r.poll(ctx, name)
		if _, missing := errors.AsType[*types.ResourceNotFoundException](failed); failed != nil && !missing && err == nil {
			err = fmt.Errorf("read the logs of %s: %w", name, failed)
		}
	}
	return err
}

func (r *Reader) poll(ctx context.Context, name string) error {
	if r.groups == nil {
		r.groups = map[string]*group{}
	}
	if r.groups[name] == nil {
		r.groups[name] = &group{since: r.Since.Truncate(time.Millisecond), seen: map[string]time.Time{}} // as lines have it
	}
	g := r.groups[name]
	newest := g.since
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(r.Client, &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: &name, StartTime: aws.Int64(g.since.UnixMilli()), FilterPattern: &r.Pattern,
	})
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
			r.Line(at, []byte(aws.ToString(event.Message)))
		}
	}
	g.moveOn(newest)
	return nil
}

// moveOn sets the start of the next poll to a little before the newest line, and forgets the IDs that can't occur
// again.
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
