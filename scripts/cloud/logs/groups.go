package logs

import (
	"cmp"
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"

	"example.com/localcloud/wire"
)

// Nothing is the output of operations that return nothing.
type Nothing struct{}

// CreateLogGroupInput names a new group.
type CreateLogGroupInput struct {
	LogGroupName  string
	LogGroupClass string // only STANDARD: the other classes cannot be searched
	Tags          map[string]string
}

func (in *CreateLogGroupInput) name() string { return in.LogGroupName }

// groupForm matches the names of groups (API reference, CreateLogGroup).
var groupForm = regexp.MustCompile(`^[.\-_/#A-Za-z0-9]{1,512}$`)

// standard is the class of every group.
const standard = "STANDARD"

// CreateLogGroup creates a group. It fails if the group already exists.
func (s *Service) CreateLogGroup(_ context.Context, in *CreateLogGroupInput) (*Nothing, error) {
	if !groupForm.MatchString(in.LogGroupName) {
		return nil, invalid("Value '%.600s' at 'logGroupName' must have 1 to 512 characters, of A-Z, a-z, 0-9 and . - _ / #", in.LogGroupName)
	}
	if in.LogGroupClass != "" && in.LogGroupClass != standard {
		return nil, invalid("logGroupClass: the local cloud supports %s, not %.100q", standard, in.LogGroupClass)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.groups[in.LogGroupName] != nil {
		return nil, wire.Errorf("ResourceAlreadyExistsException", "The specified log group already exists")
	}
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	if g := s.newGroup(in.LogGroupName); len(in.Tags) > 0 {
		g.tag(in.Tags)
	}
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
	s.journal.Delete(kindTags, g.name)
	return &Nothing{}, nil
}

// DescribeLogGroupsInput selects groups by a prefix or a part of their names.
type DescribeLogGroupsInput struct {
	LogGroupNamePrefix  string
	LogGroupNamePattern string
	Limit               nameLimit
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
	if in.LogGroupNamePrefix != "" && in.LogGroupNamePattern != "" { // LocalStack's test_describe_log_groups_prefix_and_pattern_error, validated against AWS
		return nil, invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	names := slices.Sorted(maps.Keys(s.groups))
	names = slices.DeleteFunc(names, func(name string) bool {
		return !strings.HasPrefix(name, in.LogGroupNamePrefix) || !strings.Contains(name, in.LogGroupNamePattern)
	})
	names, next, err := page(names, in.NextToken, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &DescribeLogGroupsOutput{LogGroups: []LogGroup{}, NextToken: next}
	for _, name := range names {
		g := s.groups[name]
		out.LogGroups = append(out.LogGroups, LogGroup{name, g.created, g.retention, arn(name) + ":*", arn(name), standard, g.bytes})
	}
	return out, nil
}

// nameLimit is a number of groups or streams: 1 to 50, or 0 if it isn't given.
type nameLimit int

const maxNames = 50

// UnmarshalJSON rejects a number that is not allowed.
func (l *nameLimit) UnmarshalJSON(raw []byte) error {
	n, err := parseLimit(raw, maxNames)
	*l = nameLimit(n)
	return err
}

// page returns up to limit names after the one that token names, and the token of the next page.
func page(names []string, token string, limit nameLimit) (found []string, next string, err error) {
	at := slices.Index(names, token)
	if token != "" && at < 0 {
		return nil, "", errToken()
	}
	names = names[at+1:]
	if most := int(cmp.Or(limit, maxNames)); len(names) > most {
		return names[:most], names[most-1], nil
	}
	return names, "", nil
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
