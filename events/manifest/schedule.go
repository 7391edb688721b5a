package manifest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
)

// ScheduledTime is what EventBridge Scheduler replaces in a schedule's input by the time for which it was scheduled, in UTC:
// 2026-11-23T06:00:00Z. A retry of the same invocation has the same one.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
const ScheduledTime = "<aws.scheduler.scheduled-time>"

// scheduledAt is the member of an event's data that holds the scheduled time, if the event's schema has one.
const scheduledAt = "scheduledAt"

// Schedule publishes one of the service's own events again and again. In service.json its expression is a member, whose
// value is the type of the event: {"cron(0 6 * * ? *)": "report.due.v1"}.
type Schedule struct {
	Expression string          `json:"expression"` // "cron(0 6 * * ? *)" or "rate(6 hours)"
	Event      string          `json:"event"`
	Timezone   string          `json:"timezone"` // in which the expression is read: "UTC", "Europe/Berlin"
	Data       json.RawMessage `json:"data"`     // of the event, without scheduledAt; nil is none

	expressions []string // all of them: there must be one
}

// UnmarshalJSON reads a schedule as service.json has it.
func (s *Schedule) UnmarshalJSON(data []byte) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return err
	}
	*s = Schedule{Timezone: "UTC", Data: members["data"]}
	if zone, given := members["timezone"]; given {
		if err := json.Unmarshal(zone, &s.Timezone); err != nil {
			return err
		}
	}
	delete(members, "data")
	delete(members, "timezone")
	s.expressions = slices.Sorted(maps.Keys(members))
	if len(s.expressions) == 0 {
		return nil // which check refuses
	}
	s.Expression = s.expressions[0]
	return json.Unmarshal(members[s.Expression], &s.Event)
}

// ScheduleNames returns a name for each schedule, unique in the service: its event's type with dashes, and a number from
// the second schedule of that event on.
func (m *Manifest) ScheduleNames() []string {
	names, seen := make([]string, len(m.Schedules)), map[string]int{}
	for i, s := range m.Schedules {
		names[i] = strings.ReplaceAll(s.Event, ".", "-")
		if seen[s.Event]++; seen[s.Event] > 1 {
			names[i] += "-" + strconv.Itoa(seen[s.Event])
		}
	}
	return names
}

// EventData returns the data of the schedule's event for a scheduled time: what the schedule declares and, if the event's
// schema has it, scheduledAt.
func (s Schedule) EventData(contract schema.Event, at string) (json.RawMessage, error) {
	data, err := s.members(contract, at)
	if err != nil {
		return nil, err
	}
	return plain(data)
}

func (s Schedule) members(contract schema.Event, at string) (map[string]any, error) {
	data := map[string]any{}
	if len(s.Data) > 0 {
		if err := decode(s.Data, &data); err != nil {
			return nil, fmt.Errorf("read the data of schedule %s: %w", s.Expression, err)
		}
	}
	var declared struct{ Properties map[string]json.RawMessage }
	if err := json.Unmarshal(contract.Schema, &declared); err != nil {
		return nil, fmt.Errorf("read the schema of %s: %w", contract.Type, err)
	}
	if _, has := declared.Properties[scheduledAt]; has {
		data[scheduledAt] = at
	}
	return data, nil
}

// Input returns what EventBridge Scheduler sends for a service's schedule of that name: an envelope in which ScheduledTime
// stands for the time. The ID follows from the schedule and the time, so a repeat has no second effect.
func (s Schedule) Input(service, name string, contract schema.Event) (json.RawMessage, error) {
	data, err := s.members(contract, ScheduledTime)
	if err != nil {
		return nil, err
	}
	subject, _ := data[contract.Subject].(string)
	id := service + "-" + name + "-" + ScheduledTime
	return plain(map[string]any{"data": data, "metadata": map[string]string{
		"id": id, "type": contract.Type, "subject": subject, "correlationId": id, "producer": service, "occurredAt": ScheduledTime,
	}})
}

// plain encodes a value as JSON in which ScheduledTime stands as it is, and not with its brackets escaped.
func plain(value any) (json.RawMessage, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSpace(b.Bytes()), err
}

// verifySchedules checks schedules against the contracts.
func (m *Manifest) verifySchedules(contracts []schema.Event) (violations []schema.Violation) {
	var own []schema.Event
	for _, c := range contracts {
		if c.Producer == m.Name && c.Channel != events.SNS && m.MayPublish(c.Type) {
			own = append(own, c)
		}
	}
	for i, s := range m.Schedules {
		place := fmt.Sprintf("/schedules/%d", i)
		at := place + "/" + escape.Replace(s.Expression)
		if problem := checkExpression(s.Expression); problem != "" {
			violations = append(violations, schema.Violation{Place: at, Expected: problem})
		}
		if _, err := time.LoadLocation(s.Timezone); err != nil || s.Timezone == "Local" || s.Timezone == "" {
			violations = append(violations, schema.Violation{Place: place + "/timezone", Expected: `a time zone of the IANA database, such as "Europe/Berlin"`})
		}
		k := slices.IndexFunc(own, func(c schema.Event) bool { return c.Type == s.Event })
		if k < 0 {
			violations = append(violations, m.unscheduled(s, contracts, own, at))
			continue
		}
		violations = append(violations, s.verifyData(own[k], place+"/data")...)
	}
	return violations
}

// unscheduled says why no schedule may publish an event.
func (m *Manifest) unscheduled(s Schedule, contracts, own []schema.Event, place string) schema.Violation {
	for _, c := range contracts {
		switch {
		case c.Type != s.Event || c.Producer != m.Name:
		case c.Channel == events.SNS:
			return schema.Violation{Place: place, Expected: "an event of the channel eventbridge or queue: a schedule can't publish on sns"}
		case !m.MayPublish(s.Event):
			return schema.Violation{Place: place, Expected: `an event that the service publishes: add it to "publishes"`}
		}
	}
	return among(s.Event, own, func(events.Contract) bool { return true }, place)[0]
}

// verifyData checks the data of the event, with a time.
func (s Schedule) verifyData(contract schema.Event, place string) (violations []schema.Violation) {
	var given map[string]json.RawMessage
	if len(s.Data) > 0 {
		_ = json.Unmarshal(s.Data, &given) // Parse has checked that it is an object
	}
	if _, is := given[scheduledAt]; is {
		return []schema.Violation{{Place: place + "/" + scheduledAt, Expected: "left out: it is the time for which the event is scheduled"}}
	}
	if len(contract.Schema) == 0 {
		return nil // a test's own
	}
	const example = "2026-11-23T06:00:00Z"
	data, err := s.EventData(contract, example)
	if err != nil {
		return []schema.Violation{{Place: place, Expected: err.Error()}}
	}
	if invalid, ok := errors.AsType[*schema.InvalidError](schema.Validate(&contract.Contract, data)); ok {
		for _, v := range invalid.Violations {
			violations = append(violations, schema.Violation{Place: place + v.Place, Expected: v.Expected})
		}
		return violations
	}
	var members map[string]any
	if err := json.Unmarshal(data, &members); err == nil {
		if subject, _ := members[contract.Subject].(string); subject == "" {
			violations = append(violations, schema.Violation{Place: place, Expected: "with " + contract.Subject + ", the subject of the event"})
		}
	}
	return violations
}

// escape makes a member's name a token of a JSON pointer.
var escape = strings.NewReplacer("~", "~0", "/", "~1")
