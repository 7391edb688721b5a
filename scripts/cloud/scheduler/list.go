package scheduler

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"example.com/localcloud/wire"
)

// maxPage is the largest number of entries on a page, and the number if none is given.
const maxPage = 100

// ListSchedulesInput selects a page of schedules.
type ListSchedulesInput struct {
	GroupName  string `json:"-" query:"ScheduleGroup"`
	NamePrefix string `json:"-" query:"NamePrefix"`
	State      string `json:"-" query:"State"`
	MaxResults int    `json:"-" query:"MaxResults"`
	NextToken  string `json:"-" query:"NextToken"`
}

func (in *ListSchedulesInput) arn() string { return scheduleARN(cmp.Or(in.GroupName, "*"), "*") }

// ListSchedulesOutput is a page of schedules.
type ListSchedulesOutput struct {
	Schedules []ScheduleSummary
	NextToken string `json:",omitempty"`
}

// ScheduleSummary describes a schedule in a list.
type ScheduleSummary struct {
	Arn, Name, GroupName, State        string
	CreationDate, LastModificationDate wire.Seconds
	Target                             TargetSummary
}

// TargetSummary describes a target in a list.
type TargetSummary struct{ Arn string }

// ListSchedules lists schedules in order of group and name.
func (s *Service) ListSchedules(_ context.Context, in *ListSchedulesInput) (*ListSchedulesOutput, error) {
	err := cmp.Or(checkPage(in.NamePrefix, in.NextToken, in.MaxResults), checkOptional("groupName", in.GroupName, maxName, nameForm),
		checkEnum("state", cmp.Or(in.State, enabled), enabled, disabled))
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if in.GroupName != "" && s.groups[in.GroupName] == nil {
		return nil, notFound("Schedule group %s does not exist.", in.GroupName)
	}
	found, next := pageOf(s.schedules, in.NextToken, in.MaxResults, func(d *schedule) bool {
		return strings.HasPrefix(d.Name, in.NamePrefix) &&
			(in.GroupName == "" || d.GroupName == in.GroupName) && (in.State == "" || d.State == in.State)
	})
	out := &ListSchedulesOutput{Schedules: []ScheduleSummary{}, NextToken: next}
	for _, d := range found {
		out.Schedules = append(out.Schedules, ScheduleSummary{
			d.Arn, d.Name, d.GroupName, d.State, d.CreationDate, d.LastModificationDate, TargetSummary{d.Target.Arn},
		})
	}
	return out, nil
}

// ListScheduleGroupsInput selects a page of groups.
type ListScheduleGroupsInput struct {
	NamePrefix string `json:"-" query:"NamePrefix"`
	MaxResults int    `json:"-" query:"MaxResults"`
	NextToken  string `json:"-" query:"NextToken"`
}

// ListScheduleGroupsOutput is a page of groups.
type ListScheduleGroupsOutput struct {
	ScheduleGroups []Group
	NextToken      string `json:",omitempty"`
}

// ListScheduleGroups lists groups in order of name.
func (s *Service) ListScheduleGroups(_ context.Context, in *ListScheduleGroupsInput) (*ListScheduleGroupsOutput, error) {
	if err := checkPage(in.NamePrefix, in.NextToken, in.MaxResults); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found, next := pageOf(s.groups, in.NextToken, in.MaxResults, func(g *group) bool { return strings.HasPrefix(g.Name, in.NamePrefix) })
	out := &ListScheduleGroupsOutput{ScheduleGroups: []Group{}, NextToken: next}
	for _, g := range found {
		out.ScheduleGroups = append(out.ScheduleGroups, g.Group)
	}
	return out, nil
}

// pageOf returns a page of entries in order of key, and the token for the next page: the last key of this one.
func pageOf[T any](all map[string]T, token string, most int, keep func(T) bool) (page []T, next string) {
	last := ""
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if key <= token || !keep(all[key]) {
			continue
		}
		if len(page) == cmp.Or(most, maxPage) {
			return page, last
		}
		page, last = append(page, all[key]), key
	}
	return page, ""
}
