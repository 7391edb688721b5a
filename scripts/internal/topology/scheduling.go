package topology

import (
	"slices"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
)

// scheduling returns what EventBridge Scheduler needs for a service with schedules, or with reminders: any of these may be
// due later than a queue can delay a message.
func (b builder) scheduling(s Service, m *manifest.Manifest) *Scheduling {
	reminders := len(b.published(m, events.Queue)) > 0
	if len(m.Schedules) == 0 && !reminders {
		return nil
	}
	made := &Scheduling{Group: b.names.Service(m.Name)}
	names := m.ScheduleNames()
	for i, declared := range m.Schedules {
		made.Schedules = append(made.Schedules, b.schedule(s, m.Name, names[i], declared))
	}
	made.Role = b.schedulerRole(s, m, made.Group)
	return made
}

func (b builder) schedule(s Service, service, name string, declared manifest.Schedule) Schedule {
	contract := b.contracts[declared.Event]
	input, _ := declared.Input(service, name, contract) // New has checked that it can be made
	made := Schedule{
		Name: name, Expression: declared.Expression, Timezone: declared.Timezone,
		Target: b.names.BusARN(), Source: service, DetailType: contract.Type,
		Input: input, MaxRetries: targetRetries, MaxAge: targetAge,
	}
	if contract.Channel == events.Queue {
		made.Target, made.Source, made.DetailType = s.Queue.ARN, "", ""
		made.DeadLetters = s.Undelivered.ARN // from where a redrive sends to the service's queue, so it is no place for others
	}
	return made
}

// schedulerRole returns the role with which Scheduler does what the service may do itself: publish its scheduled events on
// the bus, and send to its own queue.
func (b builder) schedulerRole(s Service, m *manifest.Manifest, group string) Role {
	trust := allow("", nil, "sts:AssumeRole")
	trust.Principal = map[string]string{"Service": "scheduler.amazonaws.com"}
	trust.Condition = map[string]map[string][]string{ // AWS takes no single schedule here
		"StringEquals": {"aws:SourceAccount": {b.names.Account}, "aws:SourceArn": {b.names.ARN("scheduler", "schedule-group/"+group)}},
	}
	var statements []Statement
	var scheduled []string
	for _, declared := range m.Schedules {
		if b.contracts[declared.Event].Channel == events.EventBridge && !slices.Contains(scheduled, declared.Event) {
			scheduled = append(scheduled, declared.Event)
		}
	}
	if len(scheduled) > 0 {
		statements = append(statements, b.publishOnBus(m.Name, scheduled))
	}
	if len(b.published(m, events.Queue)) > 0 {
		statements = append(statements, allow("Queues", []string{s.Queue.ARN, s.Undelivered.ARN}, "sqs:SendMessage"))
	}
	name := b.names.Service(m.Name) + schedulerRole
	return Role{Name: name, ARN: b.names.roleARN(name), Trust: policy(trust), Policy: policy(statements...)}
}

// anyID matches the IDs of events, after which the schedules of reminders are named, but no schedule of service.json.
const anyID = "????????-????-????-????-????????????"

// remind allows a service with reminders to make and cancel one-time schedules in its group.
func (b builder) remind(s Service, m *manifest.Manifest) []Statement {
	if s.Scheduling == nil || len(b.published(m, events.Queue)) == 0 {
		return nil
	}
	pass := allow("HandOver", []string{s.Scheduling.Role.ARN}, "iam:PassRole")
	pass.Condition = map[string]map[string][]string{"StringEquals": {"iam:PassedToService": {"scheduler.amazonaws.com"}}}
	return []Statement{
		allow("Remind", []string{b.names.ARN("scheduler", "schedule/"+s.Scheduling.Group+"/"+anyID)}, "scheduler:CreateSchedule", "scheduler:DeleteSchedule"),
		pass,
	}
}
