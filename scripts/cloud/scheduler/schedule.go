package scheduler

import (
	"cmp"
	"context"
	"time"

	"example.com/localcloud/scheduler/expression"
	"example.com/localcloud/wire"
)

// Values of a schedule's State, ActionAfterCompletion and FlexibleTimeWindow.
const (
	enabled, disabled = "ENABLED", "DISABLED"
	keepDone, remove  = "NONE", "DELETE"
	off, flexible     = "OFF", "FLEXIBLE"
)

// Settings is what a client says about a schedule, but its name.
type Settings struct {
	GroupName                  string
	ScheduleExpression         string
	ScheduleExpressionTimezone string
	StartDate                  *wire.Seconds `json:",omitempty"`
	EndDate                    *wire.Seconds `json:",omitempty"`
	State                      string
	ActionAfterCompletion      string
	Description                string `json:",omitempty"`
	FlexibleTimeWindow         FlexibleTimeWindow
	Target                     Target
}

// FlexibleTimeWindow lets AWS invoke the target later.
type FlexibleTimeWindow struct {
	Mode                   string
	MaximumWindowInMinutes *int `json:",omitempty"`
}

// Schedule describes a schedule.
type Schedule struct {
	Arn, Name                          string
	CreationDate, LastModificationDate wire.Seconds
	Settings
}

// schedule is a schedule with its place in time. It is immutable but for next; a change replaces it.
type schedule struct {
	Schedule
	when   *expression.Expression
	anchor time.Time // from which a rate counts
	next   time.Time // zero: it runs no more
}

func scheduleARN(group, name string) string {
	return wire.ARN("scheduler", "schedule/"+key(group, name))
}

// key returns the key of a schedule.
func key(group, name string) string { return cmp.Or(group, defaultGroup) + "/" + name }

// ScheduleInput describes a schedule to create, or what to replace everything about one with.
type ScheduleInput struct {
	Name        string `json:"-" path:"Name"`
	ClientToken string
	Settings
}

// ScheduleOutput identifies a schedule.
type ScheduleOutput struct{ ScheduleArn string }

// CreateSchedule creates a schedule.
func (s *Service) CreateSchedule(_ context.Context, in *ScheduleInput) (*ScheduleOutput, error) {
	made, err := s.newSchedule(in)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &ScheduleOutput{made.Arn}
	if repeated, err := s.answered.repeats("CreateSchedule", in.ClientToken, made.Arn, in); repeated || err != nil {
		return out, err
	}
	if s.groups[made.GroupName] == nil {
		return nil, notFound("Schedule group %s does not exist.", made.GroupName)
	}
	if s.schedules[made.key()] != nil {
		return nil, conflict("Schedule %s already exists.", made.Name)
	}
	s.answered.remember("CreateSchedule", in.ClientToken, made.Arn, in)
	s.put(made, made.first())
	return out, nil
}

func (d *schedule) key() string { return key(d.GroupName, d.Name) }

// UpdateSchedule replaces everything about a schedule: what is left out gets its default. A rate goes on as before unless
// its expression or start changes.
func (s *Service) UpdateSchedule(_ context.Context, in *ScheduleInput) (*ScheduleOutput, error) {
	made, err := s.newSchedule(in)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	old, err := s.find(in.GroupName, in.Name)
	if err != nil {
		return nil, err
	}
	made.CreationDate = old.CreationDate
	next := made.first()
	if made.when.Periodic() && made.ScheduleExpression == old.ScheduleExpression && same(made.StartDate, old.StartDate) {
		made.anchor = old.anchor
		next = made.after(time.Now())
	}
	s.put(made, next)
	return &ScheduleOutput{made.Arn}, nil
}

func same(a, b *wire.Seconds) bool {
	return a == nil && b == nil || a != nil && b != nil && time.Time(*a).Equal(time.Time(*b))
}

// GetScheduleInput names a schedule.
type GetScheduleInput struct {
	Name      string `json:"-" path:"Name"`
	GroupName string `json:"-" query:"groupName"`
}

func (in *GetScheduleInput) arn() string { return scheduleARN(in.GroupName, in.Name) }

// GetSchedule describes a schedule.
func (s *Service) GetSchedule(_ context.Context, in *GetScheduleInput) (*Schedule, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, err := s.find(in.GroupName, in.Name)
	if err != nil {
		return nil, err
	}
	out := found.Schedule
	return &out, nil
}

// DeleteScheduleInput names a schedule.
type DeleteScheduleInput struct {
	GetScheduleInput
	ClientToken string `json:"-" query:"clientToken"`
}

// DeleteSchedule deletes a schedule. An invocation in progress goes on.
func (s *Service) DeleteSchedule(_ context.Context, in *DeleteScheduleInput) (*Nothing, error) {
	if err := checkToken(in.ClientToken); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if repeated, err := s.answered.repeats("DeleteSchedule", in.ClientToken, in.arn(), in); repeated || err != nil {
		return &Nothing{}, err
	}
	found, err := s.find(in.GroupName, in.Name)
	if err != nil {
		return nil, err
	}
	s.answered.remember("DeleteSchedule", in.ClientToken, in.arn(), in)
	s.delete(found)
	return &Nothing{}, nil
}

// find returns a schedule. The caller holds the lock.
func (s *Service) find(group, name string) (*schedule, error) {
	group = cmp.Or(group, defaultGroup)
	if err := cmp.Or(checkName("name", name), checkName("groupName", group)); err != nil {
		return nil, err
	}
	if s.groups[group] == nil {
		return nil, notFound("Schedule group %s does not exist.", group)
	}
	if found := s.schedules[key(group, name)]; found != nil {
		return found, nil
	}
	return nil, notFound("Schedule %s does not exist.", name)
}
