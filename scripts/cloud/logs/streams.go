package logs

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"example.com/localcloud/wire"
)

// StreamInput names a stream in a group.
type StreamInput struct {
	LogGroupName  string
	LogStreamName string
}

func (in *StreamInput) name() string { return in.LogGroupName }

// CreateLogStream creates a stream. It fails if the stream already exists.
func (s *Service) CreateLogStream(_ context.Context, in *StreamInput) (*Nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.group(in.LogGroupName)
	if err != nil {
		return nil, err
	}
	if in.LogStreamName == "" || len(in.LogStreamName) > 512 || strings.ContainsAny(in.LogStreamName, ":*") { // API reference, CreateLogStream
		return nil, invalid("Value '%.600s' at 'logStreamName' must have 1 to 512 characters, without : and *", in.LogStreamName)
	}
	if g.streams[in.LogStreamName] != nil {
		return nil, wire.Errorf("ResourceAlreadyExistsException", "The specified log stream already exists")
	}
	g.ensureStream(in.LogStreamName)
	return &Nothing{}, nil
}

// DeleteLogStream deletes a stream and its events.
func (s *Service) DeleteLogStream(_ context.Context, in *StreamInput) (*Nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.stream(in.LogGroupName, in.LogStreamName)
	if err != nil {
		return nil, err
	}
	delete(g.streams, in.LogStreamName)
	g.events = slices.DeleteFunc(g.events, func(e event) bool {
		if e.stream == in.LogStreamName {
			g.bytes -= e.size()
			g.forgetEvents([]event{e})
		}
		return e.stream == in.LogStreamName
	})
	g.journal.Delete(kindStream, g.streamKey(in.LogStreamName))
	return &Nothing{}, nil
}

// stream returns the group that contains a stream.
func (s *Service) stream(groupName, name string) (*group, error) {
	g, err := s.group(groupName)
	if err != nil {
		return nil, err
	}
	if g.streams[name] == nil {
		return nil, wire.Errorf("ResourceNotFoundException", "The specified log stream does not exist.")
	}
	return g, nil
}

// DescribeLogStreamsInput selects streams of a group. OrderBy is LogStreamName (the default) or LastEventTime.
type DescribeLogStreamsInput struct {
	LogGroupName        string
	LogGroupIdentifier  string
	LogStreamNamePrefix string
	OrderBy             string
	Descending          bool
	Limit               nameLimit
	NextToken           string
}

func (in *DescribeLogStreamsInput) name() string {
	return groupName(in.LogGroupName, in.LogGroupIdentifier)
}

// DescribeLogStreamsOutput is a page of streams.
type DescribeLogStreamsOutput struct {
	LogStreams []LogStream `json:"logStreams"`
	NextToken  string      `json:"nextToken,omitempty"`
}

// LogStream describes a stream. Times are Unix milliseconds.
type LogStream struct {
	Name                string `json:"logStreamName"`
	CreationTime        int64  `json:"creationTime"`
	FirstEventTimestamp int64  `json:"firstEventTimestamp,omitempty"`
	LastEventTimestamp  int64  `json:"lastEventTimestamp,omitempty"`
	LastIngestionTime   int64  `json:"lastIngestionTime,omitempty"`
	ARN                 string `json:"arn"`
}

// DescribeLogStreams lists the streams of a group.
func (s *Service) DescribeLogStreams(_ context.Context, in *DescribeLogStreamsInput) (*DescribeLogStreamsOutput, error) {
	if err := exclusive(in.LogGroupName, in.LogGroupIdentifier); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.group(in.name())
	if err != nil {
		return nil, err
	}
	names, err := in.order(g)
	if err != nil {
		return nil, err
	}
	names, next, err := page(names, in.NextToken, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &DescribeLogStreamsOutput{LogStreams: []LogStream{}, NextToken: next}
	for _, name := range names {
		st := g.streams[name]
		out.LogStreams = append(out.LogStreams,
			LogStream{name, st.created, st.first, st.latest, st.ingest, arn(g.name) + ":log-stream:" + name})
	}
	return out, nil
}

// order returns the names of the selected streams in the requested order.
func (in *DescribeLogStreamsInput) order(g *group) ([]string, error) {
	streams := g.streamsByName(in.LogStreamNamePrefix)
	switch in.OrderBy {
	case "", "LogStreamName":
	case "LastEventTime":
		if in.LogStreamNamePrefix != "" {
			return nil, invalid("Cannot order by LastEventTime with a logStreamNamePrefix.")
		}
		slices.SortStableFunc(streams, func(a, b *stream) int { return cmp.Compare(a.latest, b.latest) })
	default:
		return nil, invalid("orderBy must be LogStreamName or LastEventTime, not %.100q", in.OrderBy)
	}
	if in.Descending {
		slices.Reverse(streams)
	}
	names := make([]string, len(streams))
	for i, st := range streams {
		names[i] = st.name
	}
	return names, nil
}
