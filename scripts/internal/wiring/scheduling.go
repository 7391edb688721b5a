package wiring

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"example.com/troupe/scripts/internal/topology"
)

// scheduling creates what a service's schedules and reminders need. An endpoint for workers only may lack EventBridge
// Scheduler; nothing is sent on a schedule there.
func (w *Wirer) scheduling(ctx context.Context, t *topology.Topology, s topology.Service) error {
	if s.Scheduling == nil {
		return w.removeScheduling(ctx, t, s.Name)
	}
	err := w.createScheduling(ctx, *s.Scheduling)
	if err != nil && w.WorkersOnly {
		return ctx.Err()
	}
	return err
}

// createScheduling creates the group of a service's schedules, with the role that they need, and the schedules.
func (w *Wirer) createScheduling(ctx context.Context, s topology.Scheduling) error {
	_, err := w.schedules.CreateScheduleGroup(ctx, &scheduler.CreateScheduleGroupInput{Name: &s.Group}, w.lacking)
	if _, exists := errors.AsType[*types.ConflictException](err); err != nil && !exists {
		return making("schedule group", s.Group, err)
	}
	if err := w.putRole(ctx, s.Role); err != nil {
		return making("role", s.Role.Name, err)
	}
	for _, schedule := range s.Schedules {
		if err := w.schedule(ctx, s, schedule); err != nil {
			return making("schedule", schedule.Name, err)
		}
	}
	return w.removeSchedules(ctx, s)
}

// lacking makes a call that isn't retried at an endpoint that may lack EventBridge Scheduler.
func (w *Wirer) lacking(o *scheduler.Options) {
	if w.WorkersOnly {
		o.RetryMaxAttempts = 1
	}
}

// schedule creates a schedule or replaces the one with its name.
func (w *Wirer) schedule(ctx context.Context, of topology.Scheduling, s topology.Schedule) error {
	target := &types.Target{
		Arn: &s.Target, RoleArn: &of.Role.ARN, Input: aws.String(string(s.Input)),
		RetryPolicy: &types.RetryPolicy{MaximumRetryAttempts: aws.Int32(int32(s.MaxRetries)), MaximumEventAgeInSeconds: aws.Int32(int32(s.MaxAge))},
	}
	if s.DetailType != "" {
		target.EventBridgeParameters = &types.EventBridgeParameters{Source: &s.Source, DetailType: &s.DetailType}
	}
	if s.DeadLetters != "" {
		target.DeadLetterConfig = &types.DeadLetterConfig{Arn: &s.DeadLetters}
	}
	exactly := &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff}
	_, err := w.schedules.CreateSchedule(ctx, &scheduler.CreateScheduleInput{
		GroupName: &of.Group, Name: &s.Name, ScheduleExpression: &s.Expression, ScheduleExpressionTimezone: &s.Timezone,
		FlexibleTimeWindow: exactly, Target: target,
	})
	if _, exists := errors.AsType[*types.ConflictException](err); exists {
		_, err = w.schedules.UpdateSchedule(ctx, &scheduler.UpdateScheduleInput{
			GroupName: &of.Group, Name: &s.Name, ScheduleExpression: &s.Expression, ScheduleExpressionTimezone: &s.Timezone,
			FlexibleTimeWindow: exactly, Target: target,
		})
	}
	return err
}

// reminder matches the names of the schedules that a service makes for its reminders: the IDs of their events.
var reminder = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// removeSchedules deletes the schedules that service.json no longer has. Reminders stay.
func (w *Wirer) removeSchedules(ctx context.Context, of topology.Scheduling) error {
	wanted := map[string]bool{}
	for _, schedule := range of.Schedules {
		wanted[schedule.Name] = true
	}
	pages := scheduler.NewListSchedulesPaginator(w.schedules, &scheduler.ListSchedulesInput{GroupName: &of.Group})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("list the schedules of %s: %w", of.Group, err)
		}
		for _, there := range page.Schedules {
			if name := aws.ToString(there.Name); wanted[name] || reminder.MatchString(name) {
				continue
			}
			if _, err := w.schedules.DeleteSchedule(ctx, &scheduler.DeleteScheduleInput{GroupName: &of.Group, Name: there.Name}); err != nil {
				return fmt.Errorf("remove schedule %s: %w", aws.ToString(there.Name), err)
			}
		}
	}
	return nil
}

// removeScheduling deletes the group of a service's schedules with all that is in it, reminders too.
func (w *Wirer) removeScheduling(ctx context.Context, t *topology.Topology, service string) error {
	group := t.Names.Service(service)
	_, err := w.schedules.DeleteScheduleGroup(ctx, &scheduler.DeleteScheduleGroupInput{Name: &group}, w.lacking)
	if _, none := errors.AsType[*types.ResourceNotFoundException](err); err != nil && !none && !w.WorkersOnly {
		return fmt.Errorf("remove schedule group %s: %w", group, err)
	}
	return nil
}
