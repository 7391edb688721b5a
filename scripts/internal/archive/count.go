package archive

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	locallogs "example.com/localcloud/logs"
	"example.com/troupe/events"
)

// MostCounted is the maximum number of events that Count counts. A page of the journal has at most 1 MB, and an
// account may request a few pages per second.
const MostCounted = 100_000

// How far the journal's time for an event may lie before and after the event's own time.
const (
	early = time.Minute
	late  = 15 * time.Minute
)

// Contents is what the archive holds in a range.
type Contents struct {
	Types map[string]int  `json:"types"` // number of events by type
	Total int             `json:"total"`
	More  bool            `json:"more"` // there are more than MostCounted
	IDs   map[string]bool `json:"-"`    // of the events: metadata.id

	// Missing is what the archive, and the log group in which events are counted, say that they no longer hold.
	Missing []string `json:"missing,omitempty"`
}

// Count counts the events in a range by type. It counts the types to which a service, or any service if it is "",
// subscribes, and calls progress with the count so far.
func (a *Archive) Count(ctx context.Context, r Range, service string, progress func(int)) (Contents, error) {
	c := &counter{Contents: Contents{Types: map[string]int{}, IDs: map[string]bool{}}, within: r, types: a.subscribed(service), outsiders: a.at.Outsiders, seen: map[string]bool{}}
	pages := cloudwatchlogs.NewFilterLogEventsPaginator(a.logs, &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: &a.at.Journal, StartTime: aws.Int64(r.From.Add(-early).UnixMilli()), EndTime: aws.Int64(r.To.Add(late).UnixMilli()),
	})
	for pages.HasMorePages() && !c.More {
		page, err := pages.NextPage(ctx)
		if _, missing := errors.AsType[*types.ResourceNotFoundException](err); missing {
			return c.Contents, &NoArchiveError{What: "log group " + a.at.Journal}
		}
		if err != nil {
			return c.Contents, fmt.Errorf("count the events in %s: %w", a.at.Journal, err)
		}
		for _, line := range page.Events {
			if aws.ToString(line.LogStreamName) == locallogs.NoteStream {
				c.Missing = append(c.Missing, "log group "+a.at.Journal+": "+aws.ToString(line.Message))
				continue
			}
			c.take([]byte(aws.ToString(line.Message)))
		}
		progress(c.Total)
	}
	held, err := a.Held(ctx)
	if err != nil {
		return c.Contents, err
	}
	if why := aws.ToString(held.StateReason); why != "" {
		c.Missing = append(c.Missing, "archive "+nameOf(a.at.Archive)+": "+why)
	}
	return c.Contents, nil
}

// counter counts each event once: EventBridge may deliver an event to the journal more than once.
type counter struct {
	Contents
	within    Range
	types     map[string]bool // event types
	outsiders []*events.Contract
	seen      map[string]bool // by EventBridge's own ID
}

func (c *counter) take(line []byte) {
	var event struct {
		ID     string
		Source string
		Type   string `json:"detail-type"`
		Time   time.Time
		Replay string `json:"replay-name"`
		Detail struct{ Metadata struct{ ID string } }
	}
	if json.Unmarshal(line, &event) != nil {
		return
	}
	if at := slices.IndexFunc(c.outsiders, func(o *events.Contract) bool {
		return o.Outside.Source == event.Source && o.Outside.DetailType == event.Type
	}); at >= 0 {
		event.Type, event.Detail.Metadata.ID = c.outsiders[at].Type, event.ID
	}
	if event.Replay != "" || c.seen[event.ID] || !c.types[event.Type] || !c.within.holds(event.Time) {
		return
	}
	if c.Total == MostCounted {
		c.More = true
		return
	}
	c.seen[event.ID] = true
	c.IDs[event.Detail.Metadata.ID] = true
	c.Types[event.Type]++
	c.Total++
}
