package source

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/console/record"
	"example.com/troupe/scripts/internal/logs"
	"example.com/troupe/scripts/internal/trace"
)

// wanted is the filter pattern: it matches steps, what handlers log, and the events that the bus's own rule writes to
// its log group.
const wanted = `{ ($.msg = "` + events.StepMessage + `") || ($.eventId = "*") || ($.detail.metadata.id = "*") || ($.detail-type = "*") }`

// CloudWatch reads the log groups of a troupe.
type CloudWatch struct {
	Client *cloudwatchlogs.Client
	Groups []string
	Since  time.Time     // where history begins
	Every  time.Duration // how often to poll: by default CloudWatch accepts 10 requests per second from an account

	Outsiders []*events.Contract // by which events from outside are recognised
}

// reader returns a reader that calls line with every line that is wanted.
func (c *CloudWatch) reader(line func(at time.Time, line []byte)) *logs.Reader {
	return &logs.Reader{Client: c.Client, Groups: c.Groups, Since: c.Since, Pattern: wanted, Line: line}
}

// Read implements record.Source. It reports errors as trouble and tries again.
func (c *CloudWatch) Read(ctx context.Context, to record.Sink) error {
	reader := c.reader(func(at time.Time, line []byte) { pass(at, line, to, c.Outsiders) })
	tick := time.NewTicker(c.Every)
	defer tick.Stop()
	for {
		err := reader.Poll(ctx)
		if ctx.Err() != nil {
			return nil
		}
		to.Trouble(err)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// pass passes on the step, the handler's line or the event in a line. It only uses an event's metadata: whether payloads are shown
// depends on what the services' steps contain.
func pass(at time.Time, line []byte, to record.Sink, outsiders []*events.Contract) {
	if step, ok := trace.Parse(line); ok {
		to.Step(step)
		return
	}
	if line, ok := trace.ParseLine(line); ok {
		to.Line(line)
		return
	}
	if event, ours := eventIn(line, outsiders); ours {
		to.Hop(record.Hop{Time: at, Kind: record.Published, Event: event})
	}
}
