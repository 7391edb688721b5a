package logs

import (
	"context"
	"maps"
	"slices"
	"strings"

	"example.com/localcloud/wire"
)

// Nothing is the output of operations that return nothing.
type Nothing struct{}

// CreateLogGroupInput names a new group.
type CreateLogGroupInput struct {
	LogGroupName  string
	LogGroupClass string
	Tags          map[string]string
}

func (in *CreateLogGroupInput) name() string { return in.LogGroupName }

// CreateLogGroup creates a group. It fails if the group already exists.
func (s *Service) CreateLogGroup(_ context.Context, in *CreateLogGroupInput) (*Nothing, error) {
	if in.LogGroupName == "" || len(in.LogGroupName) > 512 {
		return nil, invalid("logGroupName must have 1 to 512 characters")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.groups[in.LogGroupName] != nil {
		return nil, wire.Errorf("ResourceAlreadyExistsException", "The specified log group already exists")
	}
	s.newGroup(in.LogGroupName)
	return &Nothing{}, nil
}

func invalid(format string, args ...any) error {
	return wire.Errorf("InvalidParameterException", format, args...)
}

// GroupInput names a group.
type GroupInput struct{ LogGroupName string }

func (in *GroupInput) name() string { return in.LogGroupName }

// DeleteLogGroup deletes a group with its streams and events.
func (s *Service) DeleteLogGroup(_ context.Context, in *GroupInput) (*Nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.group(in.LogGroupName)
	if err != nil {
		return nil, err
	}
	delete(s.groups, g.name)
	g.forget()
	return &Nothing{}, nil
}

// DescribeLogGroupsInput selects groups by a prefix or a part of their names.
type DescribeLogGroupsInput struct {
	LogGroupNamePrefix  string
	LogGroupNamePattern string
	Limit               int
	NextToken           string
}

func (in *DescribeLogGroupsInput) name() string { return in.LogGroupNamePrefix }

// DescribeLogGroupsOutput is a page of groups.
type DescribeLogGroupsOutput struct {
	LogGroups []LogGroup `json:"logGroups"`
	NextToken string     `json:"nextToken,omitempty"`
}

// LogGroup describes a group. Times are Unix milliseconds.
type LogGroup struct {
	Name          string `json:"logGroupName"`
	CreationTime  int64  `json:"creationTime"`
	RetentionDays int    `json:"retentionInDays,omitempty"`
	ARN           string `json:"arn"`
	LogGroupARN   string `json:"logGroupArn"`
	Class         string `json:"logGroupClass"`
	StoredBytes   int    `json:"storedBytes"`
}

// DescribeLogGroups lists groups in order of name.
func (s *Service) DescribeLogGroups(_ context.Context, in *DescribeLogGroupsInput) (*DescribeLogGroupsOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	names := slices.Sorted(maps.Keys(s.groups))
	names = slices.DeleteFunc(names, func(name string) bool {
		return !strings.HasPrefix(name, in.LogGroupNamePrefix) || !strings.Contains(name, in.LogGroupNamePattern)
	})
	names, next := page(names, in.NextToken, in.Limit)
	out := &DescribeLogGroupsOutput{LogGroups: []LogGroup{}, NextToken: next}
	for _, name := range names {
		g := s.groups[name]
		out.LogGroups = append(out.LogGroups, LogGroup{name, g.created, g.retention, arn(name) + ":*", arn(name), "STANDARD", g.bytes})
	}
	return out, nil
}

// page returns up to limit names after the one that token names, and the token of the next page. The limit is 50 by
// default and at most.
func page(names []string, token string, limit int) ([]string, string) {
	names = names[slices.Index(names, token)+1:]
	if limit <= 0 || limit > 50 {
		limit = 50
	}
	if len(names) > limit {
		return names[:limit], names[limit-1]
	}
	return names, ""
}

// PutRetentionPolicyInput sets for how many days a group keeps its events.
type PutRetentionPolicyInput struct {
	LogGroupName    string
	RetentionInDays int
}

func (in *PutRetentionPolicyInput) name() string { return in.LogGroupName }

// retentions lists the numbers of days that AWS accepts (API reference of PutRetentionPolicy).
var retentions = []int{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

// PutRetentionPolicy sets a group's retention.
func (s *Service) PutRetentionPolicy(_ context.Context, in *PutRetentionPolicyInput) (*Nothing, error) {
	if !slices.Contains(retentions, in.RetentionInDays) {
		return nil, invalid("retentionInDays must be one of %v", retentions)
	}
	return s.retain(in.LogGroupName, in.RetentionInDays)
}

// DeleteRetentionPolicy makes a group keep its events indefinitely.
func (s *Service) DeleteRetentionPolicy(_ context.Context, in *GroupInput) (*Nothing, error) {
	return s.retain(in.LogGroupName, 0)
}

func (s *Service) retain(name string, days int) (*Nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.group(name)
	if err != nil {
		return nil, err
	}
	g.retention = days
	g.keep()
	g.trim()
	return &Nothing{}, nil
}
