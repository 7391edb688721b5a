package logs

import (
	"context"
	"slices"
	"strings"
)

// FilterLogEventsInput selects the events of a group's streams that match a filter pattern. StartTime and EndTime are
// both inclusive, as the API reference says; 0 means no limit.
type FilterLogEventsInput struct {
	LogGroupName        string
	LogGroupIdentifier  string
	LogStreamNames      []string
	LogStreamNamePrefix string
	StartTime, EndTime  int64
	FilterPattern       string
	NextToken           string
	Limit               eventLimit
	Interleaved         *bool // AWS has ignored it since 2019: results are always interleaved
}

func (in *FilterLogEventsInput) name() string {
	return groupName(in.LogGroupName, in.LogGroupIdentifier)
}

// FilterLogEventsOutput is a page of events. NextToken is empty on the last page.
type FilterLogEventsOutput struct {
	Events             []FilteredLogEvent `json:"events"`
	SearchedLogStreams []struct{}         `json:"searchedLogStreams"` // always empty, as on AWS
	NextToken          string             `json:"nextToken,omitempty"`
}

// FilteredLogEvent is an event with its stream.
type FilteredLogEvent struct {
	EventID       string `json:"eventId"`
	LogStreamName string `json:"logStreamName"`
	Timestamp     int64  `json:"timestamp"`
	Message       string `json:"message"`
	IngestionTime int64  `json:"ingestionTime"`
}

// FilterLogEvents searches a group in order of time.
func (s *Service) FilterLogEvents(_ context.Context, in *FilterLogEventsInput) (*FilterLogEventsOutput, error) {
	filter, err := in.filter()
	if err != nil {
		return nil, err
	}
	from := position{timestamp: in.StartTime}
	if in.NextToken != "" {
		if from, err = parsePosition(in.NextToken); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	g, err := s.group(in.name())
	var events []event
	if err == nil {
		events = g.after(from) // a copy, so that a search doesn't block writers
	}
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return search(events, filter, limit(in.Limit)), nil
}

// filter returns the conditions of the input as one function.
func (in *FilterLogEventsInput) filter() (func(event) bool, error) {
	if err := exclusive(in.LogGroupName, in.LogGroupIdentifier); err != nil {
		return nil, err
	}
	if len(in.LogStreamNames) > 0 && in.LogStreamNamePrefix != "" {
		return nil, invalid("logStreamNames and logStreamNamePrefix cannot both be given.")
	}
	pattern, err := ParseFilter(in.FilterPattern)
	if err != nil {
		return nil, err
	}
	return func(e event) bool {
		return (in.EndTime == 0 || e.timestamp <= in.EndTime) && (e.stream == NoteStream || // what is gone cannot be searched
			strings.HasPrefix(e.stream, in.LogStreamNamePrefix) &&
				(len(in.LogStreamNames) == 0 || slices.Contains(in.LogStreamNames, e.stream)) &&
				pattern.Match(e.message))
	}, nil
}

func search(events []event, filter func(event) bool, limit int) *FilterLogEventsOutput {
	out := &FilterLogEventsOutput{Events: []FilteredLogEvent{}, SearchedLogStreams: []struct{}{}}
	var last position
	for _, e := range events {
		if !filter(e) {
			continue
		}
		if len(out.Events) == limit {
			out.NextToken = last.String()
			break
		}
		last = e.position
		out.Events = append(out.Events, FilteredLogEvent{e.String(), e.stream, e.timestamp, e.message, e.ingest})
	}
	return out
}
