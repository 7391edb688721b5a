package scheduler

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"example.com/localcloud/wire"
)

// defaultGroup is the group of schedules that name none. It can't be deleted.
const defaultGroup = "default"

// maxGroups is the largest number of groups (user guide, "Managing a schedule group").
const maxGroups = 500

// Group describes a schedule group.
type Group struct {
	Arn, Name                          string
	CreationDate, LastModificationDate wire.Seconds
	State                              string // always ACTIVE
}

type group struct {
	Group
	tags map[string]string
}

func newGroup(name string) *group {
	now := wire.Seconds(time.Now().UTC())
	return &group{Group: Group{groupARN(name), name, now, now, "ACTIVE"}, tags: map[string]string{}}
}

func groupARN(name string) string { return wire.ARN("scheduler", "schedule-group/"+name) }

// CreateScheduleGroupInput describes a group.
type CreateScheduleGroupInput struct {
	Name        string `json:"-" path:"Name"`
	ClientToken string
	Tags        []Tag
}

func (in *CreateScheduleGroupInput) arn() string { return groupARN(in.Name) }

// CreateScheduleGroupOutput identifies a group.
type CreateScheduleGroupOutput struct{ ScheduleGroupArn string }

// CreateScheduleGroup creates a group.
func (s *Service) CreateScheduleGroup(_ context.Context, in *CreateScheduleGroupInput) (*CreateScheduleGroupOutput, error) {
	if err := cmp.Or(checkName("name", in.Name), checkToken(in.ClientToken), checkTags(in.Tags)); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &CreateScheduleGroupOutput{in.arn()}
	if repeated, err := s.answered.repeats("CreateScheduleGroup", in.ClientToken, in.arn(), in); repeated || err != nil {
		return out, err
	}
	if s.groups[in.Name] != nil {
		return nil, conflict("Schedule group %s already exists.", in.Name)
	}
	if len(s.groups) >= maxGroups {
		e := wire.Errorf("ServiceQuotaExceededException", "An account can have %d schedule groups.", maxGroups)
		e.Status = http.StatusPaymentRequired
		return nil, e
	}
	s.answered.remember("CreateScheduleGroup", in.ClientToken, in.arn(), in)
	made := newGroup(in.Name)
	made.tag(in.Tags)
	s.groups[in.Name] = made
	s.keepGroup(made)
	return out, nil
}

// GetScheduleGroupInput names a group.
type GetScheduleGroupInput struct {
	Name string `json:"-" path:"Name"`
}

func (in *GetScheduleGroupInput) arn() string { return groupARN(in.Name) }

// GetScheduleGroup describes a group.
func (s *Service) GetScheduleGroup(_ context.Context, in *GetScheduleGroupInput) (*Group, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, err := s.group(in.Name)
	if err != nil {
		return nil, err
	}
	out := found.Group
	return &out, nil
}

// group returns a group. The caller holds the lock.
func (s *Service) group(name string) (*group, error) {
	if err := checkName("name", name); err != nil {
		return nil, err
	}
	if found := s.groups[name]; found != nil {
		return found, nil
	}
	return nil, notFound("Schedule group %s does not exist.", name)
}

// DeleteScheduleGroupInput names a group.
type DeleteScheduleGroupInput struct {
	GetScheduleGroupInput
	ClientToken string `json:"-" query:"clientToken"`
}

// DeleteScheduleGroup deletes a group and its schedules.
func (s *Service) DeleteScheduleGroup(_ context.Context, in *DeleteScheduleGroupInput) (*Nothing, error) {
	if err := checkToken(in.ClientToken); err != nil {
		return nil, err
	}
	if in.Name == defaultGroup {
		return nil, validation("The default schedule group cannot be deleted.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if repeated, err := s.answered.repeats("DeleteScheduleGroup", in.ClientToken, in.arn(), in); repeated || err != nil {
		return &Nothing{}, err
	}
	found, err := s.group(in.Name)
	if err != nil {
		return nil, err
	}
	s.answered.remember("DeleteScheduleGroup", in.ClientToken, in.arn(), in)
	for _, d := range s.schedules {
		if d.GroupName == in.Name {
			s.delete(d)
		}
	}
	delete(s.groups, in.Name)
	s.journal.Delete(kindGroup, found.Name)
	return &Nothing{}, nil
}
