package logs

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Limits of AWS (API reference of PutLogEvents and FilterLogEvents).
const (
	maxBatch     = 10_000  // events in a PutLogEvents, and in a response
	maxBatchSize = 1 << 20 // bytes of all messages including their overhead, and so of one
	maxBatchSpan = 24 * 60 * 60 * 1000
)

// InputLogEvent is an event to write. Timestamp is in Unix milliseconds.
type InputLogEvent struct {
	Timestamp int64
	Message   string
}

// PutLogEventsInput is a batch of events for a stream.
type PutLogEventsInput struct {
	LogGroupName  string
	LogStreamName string
	LogEvents     []InputLogEvent
	SequenceToken string // AWS has ignored it since 2023
}

func (in *PutLogEventsInput) name() string { return in.LogGroupName }

// PutLogEventsOutput holds a token that clients no longer need.
type PutLogEventsOutput struct {
	NextSequenceToken string `json:"nextSequenceToken"`
}

// PutLogEvents writes a batch of events, which must be in chronological order.
func (s *Service) PutLogEvents(_ context.Context, in *PutLogEventsInput) (*PutLogEventsOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.stream(in.LogGroupName, in.LogStreamName)
	if err != nil {
		return nil, err
	}
	for _, e := range in.LogEvents {
		s.add(g, g.streams[in.LogStreamName], e.Timestamp, e.Message)
	}
	return &PutLogEventsOutput{strconv.FormatUint(g.last, 10)}, nil
}

func (in *PutLogEventsInput) check() error {
	if len(in.LogEvents) == 0 || len(in.LogEvents) > maxBatch {
		return invalid("logEvents must hold 1 to %d events", maxBatch)
	}
	size := 0
	for i, e := range in.LogEvents {
		if size += len(e.Message) + eventOverhead; e.Message == "" || len(e.Message)+eventOverhead > maxBatchSize {
			return invalid("Log event message must have 1 to %d bytes.", maxBatchSize-eventOverhead)
		}
		if i > 0 && e.Timestamp < in.LogEvents[i-1].Timestamp {
			return invalid("Log events in a single PutLogEvents request must be in chronological order.")
		}
	}
	if size > maxBatchSize {
		return invalid("Upload too large: %d bytes exceeds limit of %d", size, maxBatchSize)
	}
	if in.LogEvents[len(in.LogEvents)-1].Timestamp-in.LogEvents[0].Timestamp > maxBatchSpan {
		return invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.")
	}
	return nil
}

// GetLogEventsInput selects events of one stream, from its end unless StartFromHead is set. EndTime is exclusive; 0
// means no limit.
type GetLogEventsInput struct {
	LogGroupName       string
	LogGroupIdentifier string
	LogStreamName      string
	StartTime, EndTime int64
	NextToken          string
	Limit              eventLimit
	StartFromHead      bool
}

func (in *GetLogEventsInput) name() string { return groupName(in.LogGroupName, in.LogGroupIdentifier) }

// GetLogEventsOutput is a page with tokens for the next and the previous page. At an end of the stream, the token is
// the one from the input.
type GetLogEventsOutput struct {
	Events            []OutputLogEvent `json:"events"`
	NextForwardToken  string           `json:"nextForwardToken"`
	NextBackwardToken string           `json:"nextBackwardToken"`
}

// OutputLogEvent is an event of a stream.
type OutputLogEvent struct {
	Timestamp     int64  `json:"timestamp"`
	Message       string `json:"message"`
	IngestionTime int64  `json:"ingestionTime"`
}

// GetLogEvents reads a stream in order of time.
func (s *Service) GetLogEvents(_ context.Context, in *GetLogEventsInput) (*GetLogEventsOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.stream(in.name(), in.LogStreamName)
	if err != nil {
		return nil, err
	}
	from, backwards, err := in.start()
	if err != nil {
		return nil, err
	}
	events := slices.DeleteFunc(g.after(position{}), func(e event) bool {
		behind := e.compare(from) > 0
		return e.stream != in.LogStreamName && e.stream != NoteStream || !within(e.timestamp, in.StartTime, in.EndTime) ||
			in.NextToken != "" && (e.position == from || behind == backwards)
	})
	events = cut(events, limit(in.Limit), backwards)
	return outputs(events, from), nil
}

// start returns the position in the token and the direction to read in.
func (in *GetLogEventsInput) start() (from position, backwards bool, err error) {
	if err := exclusive(in.LogGroupName, in.LogGroupIdentifier); err != nil {
		return position{}, false, err
	}
	if in.NextToken == "" {
		return position{}, !in.StartFromHead, nil
	}
	direction, token, _ := strings.Cut(in.NextToken, "/")
	if direction != "f" && direction != "b" {
		return position{}, false, errToken()
	}
	from, err = parsePosition(token)
	return from, direction == "b", err
}

func outputs(events []event, from position) *GetLogEventsOutput {
	first, last := from, from
	if len(events) > 0 {
		first, last = events[0].position, events[len(events)-1].position
	}
	out := &GetLogEventsOutput{Events: []OutputLogEvent{}, NextForwardToken: "f/" + last.String(), NextBackwardToken: "b/" + first.String()}
	for _, e := range events {
		out.Events = append(out.Events, OutputLogEvent{e.timestamp, e.message, e.ingest})
	}
	return out
}

// within reports whether a time lies in [start, end). An end of 0 means no limit.
func within(timestamp, start, end int64) bool {
	return timestamp >= start && (end == 0 || timestamp < end)
}

// eventLimit is a number of events: 1 to 10,000, or 0 if it isn't given.
type eventLimit int

// UnmarshalJSON rejects a number that is not allowed.
func (l *eventLimit) UnmarshalJSON(raw []byte) error {
	n, err := parseLimit(raw, maxBatch)
	*l = eventLimit(n)
	return err
}

// parseLimit parses a limit. Source of the text: LocalStack's test_filter_log_events_limit_validation, validated against
// AWS.
func parseLimit(raw []byte, most int) (int, error) {
	n, err := strconv.Atoi(string(raw))
	if err != nil || n < 1 {
		return 0, invalid("1 validation error detected: Value '%.20s' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1", raw)
	}
	if n > most {
		return 0, invalid("1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: Member must have value less than or equal to %d", n, most)
	}
	return n, nil
}

func limit(asked eventLimit) int { return int(cmp.Or(asked, maxBatch)) }

func cut(events []event, limit int, fromEnd bool) []event {
	if len(events) <= limit {
		return events
	}
	if fromEnd {
		return events[len(events)-limit:]
	}
	return events[:limit]
}

func (p position) String() string { return fmt.Sprintf("%d-%d", p.timestamp, p.sequence) }

func parsePosition(token string) (p position, err error) {
	if _, err := fmt.Sscanf(token, "%d-%d", &p.timestamp, &p.sequence); err != nil || p.String() != token {
		return p, errToken()
	}
	return p, nil
}

func errToken() error { return invalid("The specified nextToken is invalid.") }
