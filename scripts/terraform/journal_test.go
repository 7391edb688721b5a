//go:build terraform

package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/localcloud/eventbridge/transform"
	"example.com/localcloud/policy"
	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/fixture"
)

// inLive are the variables of an environment that is protected.
var inLive = []string{
	"environment=live", "project=" + names.Project, "region=" + names.Region, "protection={enabled: true}",
	`access={public: true, publishers: ["222222222222"]}`,
}

// TestWhatIsProtected holds a protected environment to logs without payloads, which the console can read all the same, and to a bus
// on which only those publish that are named.
func TestWhatIsProtected(t *testing.T) {
	made := apply(t, "terraform", fixture.FS(), inLive...)
	made.checkJournal()
	made.checkOrder()

	bus := made.one("module.bus.", "aws_cloudwatch_event_bus_policy", "this")
	document, err := policy.Parse(bus.text("policy"))
	if err != nil {
		t.Fatal(err)
	}
	for account, may := range map[string]bool{"222222222222": true, "333333333333": false} {
		request := policy.Request{
			Principal: "arn:aws:iam::" + account + ":role/x", Action: "events:PutEvents",
			Resource: "arn:aws:events:eu-central-1:123456789012:event-bus/" + names.Project + "-live", Context: map[string][]string{"aws:PrincipalAccount": {account}},
		}
		if document.Allows(request) != may {
			t.Errorf("account %s may publish: %t", account, !may)
		}
	}
	for _, r := range made.of("", "aws_lambda_function") {
		if variables := r.block("environment").AttributeValues["variables"].(map[string]any); variables["TRACE_PAYLOADS"] != "false" {
			t.Errorf("%s logs payloads", r.Address)
		}
	}
}

// checkJournal puts an event through what makes lines of the bus's log group of events.
func (s state) checkJournal() {
	transformer := s.one("module.bus.", "aws_cloudwatch_event_target", "log").block("input_transformer")
	paths := map[string]string{}
	for name, path := range transformer.AttributeValues["input_paths"].(map[string]any) {
		paths[name] = path.(string)
	}
	compiled, err := transform.Parse(paths, transformer.text("input_template"))
	if err != nil {
		s.Fatal(err)
	}
	envelope := `{"metadata": {"id": "e1", "type": "lamp.lit.v1", "subject": "lamp-1", "correlationId": "c1", "producer": "lighthouse", "occurredAt": "2026-01-01T00:00:00Z"}, "data": {"email": "ann@example.com"}}`
	line, err := compiled.Apply(json.RawMessage(`{"version": "0", "id": "m1", "detail-type": "lamp.lit.v1", "source": "lighthouse", "time": "2026-01-01T00:00:00Z", "detail": `+envelope+`}`), transform.Rule{})
	if err != nil {
		s.Fatal(err)
	}
	var logged struct{ Timestamp, Message string }
	if err := json.Unmarshal(line, &logged); err != nil || logged.Timestamp != "2026-01-01T00:00:00Z" {
		s.Fatalf("%s: %v", line, err)
	}
	if strings.Contains(logged.Message, "ann@example.com") {
		s.Errorf("a payload stands in the log: %s", logged.Message)
	}
	var event struct {
		DetailType string `json:"detail-type"`
		Time       time.Time
		Detail     events.Envelope
	}
	if err := json.Unmarshal([]byte(logged.Message), &event); err != nil {
		s.Fatalf("the console can't read %s: %v", logged.Message, err)
	}
	if event.Time.IsZero() {
		s.Errorf("a replay would not count %s", logged.Message)
	}
	if m := event.Detail.Metadata; event.DetailType != "lamp.lit.v1" || m.ID != "e1" || m.Subject != "lamp-1" || m.CorrelationID != "c1" || m.Producer != "lighthouse" || m.OccurredAt.IsZero() {
		s.Errorf("the console would see %+v", event)
	}
	// An event from outside has no metadata: the console knows it by what EventBridge says.
	line, err = compiled.Apply(json.RawMessage(`{"version": "0", "id": "m1", "detail-type": "Object Created", "source": "aws.s3", "time": "2026-01-01T00:00:00Z", "detail": {"object": {"key": "ann@example.com"}}}`), transform.Rule{})
	if err == nil {
		err = json.Unmarshal(line, &logged)
	}
	if err != nil || strings.Contains(logged.Message, "ann@example.com") {
		s.Fatalf("%s: %v", line, err)
	}
	arrived, _ := events.Decode([]byte(logged.Message), &events.Contract{Type: "chart.uploaded.v1", Producer: "charts", Outside: &events.Outside{Source: "aws.s3", DetailType: "Object Created", Subject: "/object/key"}})
	if m := arrived.Metadata; m.ID != "m1" || m.Type != "chart.uploaded.v1" || m.CorrelationID != "m1" || m.OccurredAt.IsZero() {
		s.Errorf("of an event from outside the console would see %+v, from %s", m, logged.Message)
	}
	for _, statement := range s.one("module.bus.", "aws_cloudwatch_log_resource_policy", "events").policy("policy_document").Statement {
		if slices.Contains(statement.Action, "logs:CreateLogStream") && statement.Condition != nil || slices.Contains(statement.Action, "logs:PutLogEvents") && statement.Condition == nil {
			s.Errorf("EventBridge would not write, or anybody's rule would: %+v", statement)
		}
	}
}

// checkOrder holds that what needs a permission is made after it.
func (s state) checkOrder() {
	for _, c := range []struct{ place, kind, name, after string }{
		{"module.service[", "aws_cloudwatch_event_target", "this", "aws_sqs_queue_policy.main"},
		{"module.service[", "aws_cloudwatch_event_target", "this", "aws_sqs_queue_policy.undelivered"},
		{"module.service[", "aws_sns_topic_subscription", "this", "aws_sqs_queue_policy.main"},
		{"module.service[", "aws_ecs_service", "this", "aws_iam_role_policy.execution"},
		{"module.service[", "aws_ecs_service", "this", "aws_iam_role_policy.this"},
		{"module.service[", "aws_lambda_function", "this", "aws_iam_role_policy.this"},
		{"module.service[", "aws_cloudwatch_metric_alarm", "tasks", "aws_ecs_service.this"},
		{"module.bus.", "aws_cloudwatch_event_target", "log", "aws_cloudwatch_log_resource_policy.events"},
		{"module.bus.", "aws_cloudwatch_event_target", "outside", "aws_iam_role_policy.outside"},
		{"module.bus.", "aws_cloudwatch_event_target", "outside", "aws_sqs_queue_policy.outside"},
	} {
		for _, r := range s.of(c.place, c.kind) {
			if after := func(address string) bool { return strings.HasSuffix(address, "."+c.after) }; r.Name == c.name && !slices.ContainsFunc(r.DependsOn, after) {
				s.Errorf("%s does not wait for %s", r.Address, c.after)
			}
		}
	}
}
