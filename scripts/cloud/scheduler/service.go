package scheduler

import (
	"context"
	"net/http"
	"sync"

	"example.com/localcloud/delivery"
	"example.com/localcloud/eventbridge"
	"example.com/localcloud/iam"
	"example.com/localcloud/journal"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

// servicePrincipal is the name of Scheduler in the trust policies of roles.
const servicePrincipal = "scheduler.amazonaws.com"

// Options holds what schedules use.
type Options struct {
	IAM       *iam.Service
	Targets   delivery.Target // queues, topics and functions
	PutEvents func(context.Context, *eventbridge.PutEventsInput) (*eventbridge.PutEventsOutput, error)
	Tap       *tap.Tap
}

// Service is EventBridge Scheduler. Create it with New and stop it with Close.
type Service struct {
	Options
	journal *journal.Journal // nil: nothing survives the process

	mu        sync.Mutex
	groups    map[string]*group    // by name
	schedules map[string]*schedule // by group and name
	agenda    agenda               // the next times of schedules
	answered  tokens
	running   bool

	wake       chan struct{}  // holds an element if the next time has changed
	background sync.WaitGroup // the clock and retries
	closing    context.Context
	close      context.CancelFunc
}

// New returns a service with the default group.
func New(o Options) *Service {
	s := &Service{Options: o, groups: map[string]*group{}, schedules: map[string]*schedule{}, wake: make(chan struct{}, 1)}
	s.closing, s.close = context.WithCancel(context.Background())
	s.groups[defaultGroup] = newGroup(defaultGroup)
	return s
}

// Close stops schedules and retries, and waits for those in progress.
func (s *Service) Close() {
	s.mu.Lock()
	s.close()
	s.mu.Unlock()
	s.background.Wait()
}

// Wire returns the table of operations.
func (s *Service) Wire() *wire.REST {
	route := func(pattern string, operation wire.Operation) wire.Route {
		return wire.Route{Pattern: pattern, Status: http.StatusOK, Operation: operation}
	}
	return &wire.REST{Name: "scheduler", Error: func(e *wire.Error) any { return map[string]string{"Message": e.Message} }, Routes: []wire.Route{
		route("POST /schedules/{Name}", wire.Op("CreateSchedule", s.CreateSchedule, saving("CreateSchedule"))),
		route("PUT /schedules/{Name}", wire.Op("UpdateSchedule", s.UpdateSchedule, saving("UpdateSchedule"))),
		route("GET /schedules/{Name}", wire.Op("GetSchedule", s.GetSchedule, need("GetSchedule", (*GetScheduleInput).arn))),
		route("DELETE /schedules/{Name}", wire.Op("DeleteSchedule", s.DeleteSchedule, need("DeleteSchedule", (*DeleteScheduleInput).arn))),
		route("GET /schedules", wire.Op("ListSchedules", s.ListSchedules, need("ListSchedules", (*ListSchedulesInput).arn))),

		route("POST /schedule-groups/{Name}", wire.Op("CreateScheduleGroup", s.CreateScheduleGroup, need("CreateScheduleGroup", (*CreateScheduleGroupInput).arn))),
		route("GET /schedule-groups/{Name}", wire.Op("GetScheduleGroup", s.GetScheduleGroup, need("GetScheduleGroup", (*GetScheduleGroupInput).arn))),
		route("DELETE /schedule-groups/{Name}", wire.Op("DeleteScheduleGroup", s.DeleteScheduleGroup, need("DeleteScheduleGroup", (*DeleteScheduleGroupInput).arn))),
		route("GET /schedule-groups", wire.Op("ListScheduleGroups", s.ListScheduleGroups, need("ListScheduleGroups", func(*ListScheduleGroupsInput) string { return groupARN("*") }))),

		route("POST /tags/{ResourceArn}", wire.Op("TagResource", s.TagResource, need("TagResource", func(in *TagResourceInput) string { return in.ResourceArn }))),
		route("DELETE /tags/{ResourceArn}", wire.Op("UntagResource", s.UntagResource, need("UntagResource", func(in *UntagResourceInput) string { return in.ResourceArn }))),
		route("GET /tags/{ResourceArn}", wire.Op("ListTagsForResource", s.ListTagsForResource, need("ListTagsForResource", func(in *ListTagsForResourceInput) string { return in.ResourceArn }))),
	}}
}

// need returns the permission that an input needs on its resource.
func need[In any](action string, arn func(*In) string) func(*In) []wire.Access {
	return func(in *In) []wire.Access {
		return []wire.Access{{Action: "scheduler:" + action, Resource: arn(in)}}
	}
}

// saving returns the permissions to save a schedule: on the schedule, and to pass the target's role on.
func saving(action string) func(*ScheduleInput) []wire.Access {
	return func(in *ScheduleInput) []wire.Access {
		return []wire.Access{
			{Action: "scheduler:" + action, Resource: scheduleARN(in.GroupName, in.Name)},
			{Action: "iam:PassRole", Resource: in.Target.RoleArn, Context: map[string][]string{"iam:PassedToService": {servicePrincipal}}},
		}
	}
}

// Nothing is the output of operations that return nothing.
type Nothing struct{}
