// Package logs reads what is new in log groups of CloudWatch Logs.
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

// latest is how late a line may become visible after the lines of its time: each poll looks
// that far back again.
const latest = 15 * time.Second

// Reader reads log groups. It is used by one goroutine at a time.
type Reader struct {
	Client  *cloudwatchlogs.Client
	Groups  []string
	Since   time.Time                       // the first poll begins here
	Pattern string                          // filter pattern: CloudWatch leaves out the other lines
	Line    func(at time.Time, line []byte) // takes each line once

	groups map[string]*group
}

// group is how far a log group has been read.
type group struct {
	since time.Time
	seen  map[string]time.Time // lines of the last moments, by their ids
}

// Poll reads what is new in all groups, and returns the first error. A group that is not there, because its service has not
// logged yet, has nothing new.
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
