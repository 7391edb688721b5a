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

// Logs reads steps from CloudWatch Logs: the lines of services that run elsewhere.
type Logs struct {
	Client *cloudwatchlogs.Client
	Groups []string
	Since  time.Time
	To     *Collector

	seen map[string]bool // events, by their ids
}

// Poll reads what is new. Groups that are not there, because their service has not logged yet, have
// nothing new.
func (l *Logs) Poll(ctx context.Context) error {
	if l.seen == nil {
		l.seen = map[string]bool{}
	}
	newest := l.Since
	for _, group := range l.Groups {
		at, err := l.poll(ctx, group)
		if _, missing := errors.AsType[*types.ResourceNotFoundException](err); err != nil && !missing {
			return fmt.Errorf("read the logs of %s: %w", group, err)
		}
		if at.After(newest) {
			newest = at
		}
	}
	if back := newest.Add(-latest); back.After(l.Since) {
		l.Since = back
	}
	return nil
}

func (l *Logs) poll(ctx context.Context, group string) (newest time.Time, err error) {
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(l.Client, &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: &group, StartTime: aws.Int64(l.Since.UnixMilli()),
		FilterPattern: aws.String(`{ $.msg = "` + events.StepMessage + `" }`),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return newest, err
		}
		for _, event := range page.Events {
			if id := aws.ToString(event.EventId); !l.seen[id] {
				l.seen[id] = true
				newest = time.UnixMilli(aws.ToInt64(event.Timestamp))
				l.To.Line([]byte(aws.ToString(event.Message)))
			}
		}
	}
	return newest, nil
}
