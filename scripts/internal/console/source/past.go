package source

import (
	"context"
	"slices"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/console/record"
	"example.com/troupe/scripts/internal/trace"
)

const (
	mostPast = 100_000     // lines that are remembered: the newest
	pastTime = time.Minute // to read them
	overlap  = time.Minute // records of the last minute may be reported by the running services, too
)

// remember reports what the logs contain now, in order of time, and returns which records could come again.
func (c *CloudWatch) remember(ctx context.Context, to record.Sink) (map[identity]bool, error) {
	type line struct {
		at   time.Time
		text []byte
	}
	ctx, cancel := context.WithTimeout(ctx, pastTime)
	defer cancel()
	var lines []line
	inOrder := func() {
		slices.SortStableFunc(lines, func(a, b line) int { return a.at.Compare(b.at) })
		lines = slices.Clone(lines[max(0, len(lines)-mostPast):])
	}
	err := c.reader(func(at time.Time, text []byte) {
		if lines = append(lines, line{at, text}); len(lines) > 2*mostPast {
			inOrder()
		}
	}).Poll(ctx)
	inOrder()
	recent := &noting{Sink: to, since: time.Now().Add(-overlap), known: map[identity]bool{}}
	for _, l := range lines {
		pass(l.at, l.text, recent, c.Outsiders)
	}
	return recent.known, err
}

// noting is a sink that notes the newest steps and lines that pass.
type noting struct {
	record.Sink
	since time.Time
	known map[identity]bool
}

func (n *noting) Step(step events.Step) {
	if step.StartedAt.After(n.since) {
		n.known[said{step: &step}.identity()] = true
	}
	n.Sink.Step(step)
}

func (n *noting) Line(line trace.Line) {
	if line.Time.After(n.since) {
		n.known[said{line: &line}.identity()] = true
	}
	n.Sink.Line(line)
}
