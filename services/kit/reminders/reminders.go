// Package reminders keeps a service's reminders of more than 15 minutes in EventBridge Scheduler, each as a one-time schedule
// that sends it to the service's own queue and is then deleted. Only services that have any link it:
//
//	host.Main(manifest, setup, host.WithReminders(reminders.Open))
package reminders

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"

	"example.com/troupe/events/bus"
)

// What Scheduler does if the queue can't be reached: its own defaults, stated to be visible.
const (
	maxRetries = 185
	maxAge     = 24 * 3600 // seconds
)

// at is the form of a one-time expression, in UTC.
const at = "at(2006-01-02T15:04:05)"

// Open returns what keeps a service's reminders: for host.WithReminders.
func Open(cloud aws.Config, in bus.Schedules) bus.Scheduler {
	return &schedules{scheduler.NewFromConfig(cloud), in}
}

type schedules struct {
	client *scheduler.Client
	bus.Schedules
}

// Schedule makes a schedule, whose name makes a repeat harmless. The time is rounded up to a second: a reminder is never
// early. Scheduler then sends it within a minute.
func (s *schedules) Schedule(ctx context.Context, name string, due time.Time, body string) error {
	expression := due.Add(time.Second - 1).UTC().Format(at)
	_, err := s.client.CreateSchedule(ctx, &scheduler.CreateScheduleInput{
		GroupName: &s.Group, Name: &name, ClientToken: &name, // or the client makes up a token, which a repeat doesn't have
		ScheduleExpression: &expression, ActionAfterCompletion: types.ActionAfterCompletionDelete,
		FlexibleTimeWindow: &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff},
		Target: &types.Target{
			Arn: &s.Queue, RoleArn: &s.Role, Input: &body,
			DeadLetterConfig: &types.DeadLetterConfig{Arn: &s.DeadLetters},
			RetryPolicy:      &types.RetryPolicy{MaximumRetryAttempts: aws.Int32(maxRetries), MaximumEventAgeInSeconds: aws.Int32(maxAge)},
		},
	})
	if _, there := errors.AsType[*types.ConflictException](err); there {
		return nil
	}
	return err
}

// Cancel deletes the schedule of a reminder, if it is still there.
func (s *schedules) Cancel(ctx context.Context, name string) error {
	_, err := s.client.DeleteSchedule(ctx, &scheduler.DeleteScheduleInput{GroupName: &s.Group, Name: &name, ClientToken: &name})
	if _, none := errors.AsType[*types.ResourceNotFoundException](err); none {
		return nil
	}
	return err
}
