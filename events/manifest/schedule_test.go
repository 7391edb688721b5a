package manifest_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
)

const lighthouse = `{
  "name": "lighthouse", "description": "Lights lamps.", "runtime": "lambda",
  "subscribes": [{"event": "oil.checked.v1"}],
  "publishes": ["lamp.due.v1", "oil.checked.v1", "fog.seen.v1"],
  "schedules": [
    {"cron(0 18 * * ? *)": "lamp.due.v1", "timezone": "Europe/Oslo", "data": {"lampId": "lamp-1"}},
    {"cron(0 20 ? * SAT,SUN *)": "lamp.due.v1", "data": {"lampId": "lamp-<2>"}},
    {"rate(6 hours)": "oil.checked.v1"}
  ]
}`

// lamps are the contracts: the subject of oil.checked.v1 is the scheduled time.
func lamps() []schema.Event {
	of := func(eventType, subject string, channel events.Channel, members string) schema.Event {
		return schema.Event{Subject: subject, Contract: events.Contract{
			Type: eventType, Producer: "lighthouse", Channel: channel,
			Schema: []byte(`{"type": "object", "required": ["` + subject + `"], "properties": {` + members + `}}`),
		}}
	}
	return []schema.Event{
		of("lamp.due.v1", "lampId", events.EventBridge, `"lampId": {"type": "string", "minLength": 1}, "watts": {"type": "integer"}`),
		of("lamp.lit.v1", "lampId", events.EventBridge, `"lampId": {"type": "string"}`),
		of("oil.checked.v1", "scheduledAt", events.Queue, `"scheduledAt": {"type": "string", "format": "date-time"}`),
		of("fog.seen.v1", "lampId", events.SNS, `"lampId": {"type": "string"}`),
	}
}

func TestSchedulesAreHeldToTheirContracts(t *testing.T) {
	cases := map[string]struct{ old, new, want string }{
		"as it is":              {"", "", ""},
		"working hours":         {`0 18 * * ? *`, `0/5 8-17 ? JAN-MAR,DEC MON-FRI *`, ""},
		"the last day":          {`0 18 * * ? *`, `0 18 L * ? 2027`, ""},
		"the third Friday":      {`0 18 * * ? *`, `0 18 ? * 6#3 2027-2030`, ""},
		"a weekday":             {`0 18 * * ? *`, `0,30 */2 15W 1/3 ? *`, ""},
		"no expression":         {`"rate(6 hours)": "oil.checked.v1"`, `"data": {}`, `json:8:5: /schedules/2 must be with one expression, such as "cron(0 6 * * ? *)": it has 0`},
		"two":                   {`"rate(6 hours)"`, `"rate(1 day)": "oil.checked.v1", "rate(6 hours)"`, `/schedules/2 must be with one expression, such as "cron(0 6 * * ? *)": it has 2`},
		"a typo":                {`"timezone"`, `"timezoen"`, `/schedules/0/timezoen must be left out: known here are data, timezone`},
		"a one-time expression": {`rate(6 hours)`, `at(2026-11-23T06:00:00)`, `/schedules/2/at(2026-11-23T06:00:00) must be left out`},
		"an empty zone":         {`Europe/Oslo`, ``, `/schedules/0/timezone must be`},
		"a zone":                {`Europe/Oslo`, `Europe/Olso`, `json:6:43: /schedules/0/timezone must be a time zone of the IANA database`},
		"an hour":               {`0 18`, `0/15 25`, `json:6:6: /schedules/0/cron(0~115 25 * * ? *) must be a cron expression whose hours is in 0 to 23, not 25`},
		"a day":                 {`SAT,SUN`, `SAT,SON`, `must be a cron expression whose day of the week is in 1 to 7, not SAT,SON`},
		"both days":             {`* * ? *`, `* * * *`, `/schedules/0/cron(0 18 * * * *) must be with ? for the day`},
		"five fields":           {`0 18 * * ? *`, `0 18 * * *`, `must be of six fields, not 5: minutes, hours`},
		"a rate":                {`6 hours`, `0 hours`, `/schedules/2/rate(0 hours) must be like rate(15 minutes)`},
		"a unit":                {`6 hours`, `6 weeks`, `must be like rate(15 minutes)`},
		"an unknown event":      {`"rate(6 hours)": "oil.checked.v1"`, `"rate(6 hours)": "oil.chekced.v1"`, `json:8:6: /schedules/2/rate(6 hours) must be one of lamp.due.v1, oil.checked.v1; did you mean oil.checked.v1?`},
		"not published":         {`"rate(6 hours)": "oil.checked.v1"`, `"rate(6 hours)": "lamp.lit.v1"`, `/schedules/2/rate(6 hours) must be an event that the service publishes: add it to "publishes"`},
		"on a topic":            {`"rate(6 hours)": "oil.checked.v1"`, `"rate(6 hours)": "fog.seen.v1"`, `/schedules/2/rate(6 hours) must be an event of the channel eventbridge or queue: a schedule can't publish on sns`},
		"bad data":              {`"lamp-1"`, `7`, `json:6:79: /schedules/0/data/lampId must be of type string`},
		"no data":               {`, "data": {"lampId": "lamp-<2>"}`, ``, `json:7:5: /schedules/1/data/lampId must be given`},
		"no object":             {`{"lampId": "lamp-1"}`, `[]`, `/schedules/0/data must be of type object, not array`},
		"its own time":          {`"rate(6 hours)": "oil.checked.v1"`, `"rate(6 hours)": "oil.checked.v1", "data": {"scheduledAt": "noon"}`, `/schedules/2/data/scheduledAt must be left out`},
	}
	for name, c := range cases {
		manifests, err := manifest.Load(fstest.MapFS{"services/lighthouse/service.json": {Data: []byte(strings.Replace(lighthouse, c.old, c.new, 1))}})
		if err == nil {
			err = manifest.Verify(manifests, lamps())
		}
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, not %q", name, err, c.want)
		}
	}
}

// TestInput: Scheduler finds its placeholder only where it stands as it is.
func TestInput(t *testing.T) {
	m, err := manifest.Parse("service.json", []byte(lighthouse))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`{"data":{"lampId":"lamp-1"},"metadata":{"correlationId":"lighthouse-lamp-due-v1-<T>","id":"lighthouse-lamp-due-v1-<T>","occurredAt":"<T>","producer":"lighthouse","subject":"lamp-1","type":"lamp.due.v1"}}`,
		`{"data":{"lampId":"lamp-<2>"},"metadata":{"correlationId":"lighthouse-lamp-due-v1-2-<T>","id":"lighthouse-lamp-due-v1-2-<T>","occurredAt":"<T>","producer":"lighthouse","subject":"lamp-<2>","type":"lamp.due.v1"}}`,
		`{"data":{"scheduledAt":"<T>"},"metadata":{"correlationId":"lighthouse-oil-checked-v1-<T>","id":"lighthouse-oil-checked-v1-<T>","occurredAt":"<T>","producer":"lighthouse","subject":"<T>","type":"oil.checked.v1"}}`,
	}
	contracts := map[string]schema.Event{}
	for _, c := range lamps() {
		contracts[c.Type] = c
	}
	for i, name := range m.ScheduleNames() {
		s := m.Schedules[i]
		input, err := s.Input(m.Name, name, contracts[s.Event])
		if got := strings.ReplaceAll(string(input), manifest.ScheduledTime, "<T>"); err != nil || got != want[i] {
			t.Errorf("got  %s, %v\nwant %s", got, err, want[i])
		}
		sent := strings.ReplaceAll(string(input), manifest.ScheduledTime, "2026-11-23T06:00:00Z")
		if envelope, err := events.Decode([]byte(sent)); err != nil || envelope.Metadata.OccurredAt.Hour() != 6 {
			t.Errorf("%s is decoded as %+v, %v", sent, envelope, err)
		}
	}
}
