package logs

import (
	"context"
	"encoding/json"
	"strings"
	"sync"

	"example.com/localcloud/delivery"
	"example.com/localcloud/journal"
	"example.com/localcloud/wire"
)

// Service is CloudWatch Logs. Create it with New; it needs no Close.
type Service struct {
	// Budget is the most that all groups together store, in bytes. Set it before use; New sets MaxBytes.
	Budget int

	journal *journal.Journal // nil: nothing survives the process

	mu     sync.Mutex
	groups map[string]*group
	fresh  int // bytes since room was last made
}

// New returns a service without groups.
func New() *Service { return &Service{groups: map[string]*group{}, Budget: MaxBytes} }

// Wire returns the table of operations.
func (s *Service) Wire() *wire.Service {
	return &wire.Service{
		Name:    "logs",
		Target:  "Logs_20140328",
		Version: "1.1",
		Shapes:  "com.amazonaws.logs",
		Operations: []wire.Operation{
			wire.Op("CreateLogGroup", s.CreateLogGroup, need("CreateLogGroup", (*CreateLogGroupInput).name)),
			wire.Op("DeleteLogGroup", s.DeleteLogGroup, need("DeleteLogGroup", (*GroupInput).name)),
			wire.Op("DescribeLogGroups", s.DescribeLogGroups, need("DescribeLogGroups", (*DescribeLogGroupsInput).name)),
			wire.Op("TagResource", s.TagResource, need("TagResource", (*TagResourceInput).name)),
			wire.Op("UntagResource", s.UntagResource, need("UntagResource", (*UntagResourceInput).name)),
			wire.Op("ListTagsForResource", s.ListTagsForResource, need("ListTagsForResource", (*ListTagsForResourceInput).name)),
			wire.Op("PutRetentionPolicy", s.PutRetentionPolicy, need("PutRetentionPolicy", (*PutRetentionPolicyInput).name)),
			wire.Op("DeleteRetentionPolicy", s.DeleteRetentionPolicy, need("DeleteRetentionPolicy", (*GroupInput).name)),
			wire.Op("CreateLogStream", s.CreateLogStream, need("CreateLogStream", (*StreamInput).name)),
			wire.Op("DeleteLogStream", s.DeleteLogStream, need("DeleteLogStream", (*StreamInput).name)),
			wire.Op("DescribeLogStreams", s.DescribeLogStreams, need("DescribeLogStreams", (*DescribeLogStreamsInput).name)),
			wire.Op("PutLogEvents", s.PutLogEvents, need("PutLogEvents", (*PutLogEventsInput).name)),
			wire.Op("GetLogEvents", s.GetLogEvents, need("GetLogEvents", (*GetLogEventsInput).name)),
			wire.Op("FilterLogEvents", s.FilterLogEvents, need("FilterLogEvents", (*FilterLogEventsInput).name)),
		},
	}
}

// need returns the permission that an input needs on its group.
func need[In any](action string, name func(*In) string) func(*In) []wire.Access {
	return func(in *In) []wire.Access {
		return []wire.Access{{Action: "logs:" + action, Resource: arn(name(in)) + ":*"}}
	}
}

func arn(group string) string { return wire.ARN("logs", "log-group:"+group) }

// groupName returns the name of a group that is given by name, or by an identifier, which may be an ARN.
func groupName(name, identifier string) string {
	if name != "" || !wire.IsARN(identifier) {
		return name + identifier
	}
	local, _ := wire.Local("logs", "log-group:", identifier) // an ARN of elsewhere names no group
	return local
}

// exclusive checks that a group is given by one of name and identifier. Source: LocalStack's
// test_describe_log_streams_with_log_group_identifier, validated against AWS.
func exclusive(name, identifier string) error {
	if name != "" && identifier != "" {
		return wire.Errorf("ValidationException", "LogGroup name and LogGroup ARN are mutually exclusive parameters.")
	}
	if name+identifier == "" {
		return invalid("logGroupName or logGroupIdentifier must be given")
	}
	return nil
}

// Append writes lines to a stream, with the current time, and creates the group and the stream if necessary. Lambda
// uses it for the output of functions.
func (s *Service) Append(groupName, streamName string, lines ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.groups[groupName]
	if g == nil {
		g = s.newGroup(groupName)
	}
	stream := g.ensureStream(streamName)
	for _, line := range lines {
		s.add(g, stream, now(), line)
	}
}

// Deliver writes the body of a delivery as one event to the log group with the given ARN, or only its message where a
// rule's input transformer made it {"timestamp", "message"} (the form that the CDK's LogGroupTargetInput documents).
// The group must exist.
func (s *Service) Deliver(_ context.Context, d delivery.Delivery) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.group(groupName("", strings.TrimSuffix(d.To, ":*")))
	if err != nil {
		return err
	}
	s.add(g, g.ensureStream("events"), now(), message(d.Body))
	return nil
}

// message returns what is logged of a rule's input.
func message(input []byte) string {
	var made map[string]json.RawMessage
	var text string
	if json.Unmarshal(input, &made) == nil && len(made) == 2 && made["timestamp"] != nil && json.Unmarshal(made["message"], &text) == nil {
		return text
	}
	return string(input)
}

func (s *Service) group(name string) (*group, error) {
	if g := s.groups[name]; g != nil {
		return g, nil
	}
	return nil, wire.Errorf("ResourceNotFoundException", "The specified log group does not exist.")
}
