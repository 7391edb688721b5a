package main

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/cli/clitest"
	"example.com/troupe/scripts/lab/fixture"
	"example.com/troupe/scripts/lab/scale/model"
)

// TestScale carries a story of the fixture through the model, from its real services to the page.
func TestScale(t *testing.T) {
	t.Chdir(fixture.Tree(t, "observatory", "greeter"))
	var out, problems bytes.Buffer
	code := cli.Run(t.Context(), run, []string{"-rate", "5000", "-seconds", "10", "-story", "demo/completed", "-region", "eu-central-1"}, cli.Terminal{Out: &out, Err: &problems})
	if code != 0 {
		t.Fatalf("code %d\n%s", code, problems.String())
	}
	for _, want := range []string{
		"# 5,000 requests a second, in a model",
		"in eu-central-1",
		"| EventBridge: calls of PutEvents a second | the account | 2,400 |",
		"## As declared", "Of 50,000 requests", "| scheduling | function |",
		"## Raised", "## Workers", "| scheduling | worker |",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	raised := out.String()[strings.Index(out.String(), "## Raised"):]
	if strings.Count(raised, "none was refused") != 2 {
		t.Error("with everything raised requests are refused")
	}
	if t.Failed() {
		t.Log(out.String())
	}
}

// TestDerive compares the flow of a small execution with what its steps say.
func TestDerive(t *testing.T) {
	began := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	manifests := []*manifest.Manifest{
		{Name: "gate", Runtime: manifest.Lambda, Store: manifest.DynamoDB, MemoryMB: 512, Queue: manifest.Queue{Concurrency: 10, Batch: 5, MaxFunctions: 3, MaxReceives: 20, AcceptableDelaySeconds: 60}},
		{Name: "bell", Runtime: manifest.Worker, Store: manifest.SQL, Rate: 50, Queue: manifest.Queue{Concurrency: 8, Batch: 10, MaxReceives: 20, AcceptableDelaySeconds: 60}},
	}
	step := func(service, event, kind string, ms float64, published ...events.Published) events.Step {
		return events.Step{
			Service: service, EventID: event, EventType: kind, CorrelationID: "c", StartedAt: began, DurationMS: ms, Attempt: 1,
			Outcome: events.Handled, Published: published,
		}
	}
	request := step("gate", "r", "http", 9,
		events.Published{ID: "a", Type: "gate.opened.v1", Channel: events.EventBridge, Data: []byte(`{}`)},
		events.Published{ID: "b", Type: "gate.alarm.v1", Channel: events.Queue, Due: began.Add(time.Minute), Data: []byte(`{}`)})
	request.Changes = []events.StateChange{{Key: "gate/1", After: bytes.Repeat([]byte("x"), 1500)}}
	failed := step("bell", "a", "gate.opened.v1", 1)
	failed.Outcome = events.Retried
	ring := step("bell", "a", "gate.opened.v1", 4, events.Published{ID: "d", Type: "bell.rung.v1", Channel: events.SNS, Data: []byte(`{}`)})
	alarm := step("gate", "b", "gate.alarm.v1", 2)
	faster := step("gate", "r2", "http", 5)

	flow, processor, err := derive(manifests, [][]events.Step{{request, failed, ring, alarm}, {faster}}, 1)
	if err != nil {
		t.Fatal(err)
	}
	read, commit, put := latency("dynamodb BatchGetItem"), latency("dynamodb TransactWriteItems"), latency("events PutEvents")
	send, notify := latency("sqs SendMessageBatch"), latency("sns PublishBatch")
	want := []model.Step{
		// 1,152 bytes of record and 1,606 of document are two units each, and a transaction doubles them.
		{Service: 0, Trigger: "http", Cause: model.Client, Seconds: 0.005 + read + commit + put + send, Writes: 8, Facts: 1, Puts: 1},
		{Service: 1, Trigger: "gate.opened.v1", Cause: 0, Channel: events.EventBridge, Seconds: 0.004 + databaseLatency + notify, Notices: 1},
		{Service: 0, Trigger: "gate.alarm.v1", Cause: 0, Channel: events.Queue, Delay: 60, Seconds: 0.002 + read + commit, Writes: 1},
	}
	if len(flow.Steps) != len(want) {
		t.Fatalf("%d steps; want %d: %+v", len(flow.Steps), len(want), flow.Steps)
	}
	for i, got := range flow.Steps {
		if math.Abs(got.Seconds-want[i].Seconds) > 1e-9 {
			t.Errorf("step %d takes %g s; want %g", i, got.Seconds, want[i].Seconds)
		}
		if got.Seconds = want[i].Seconds; got != want[i] {
			t.Errorf("step %d is %+v; want %+v", i, got, want[i])
		}
	}
	if gate := flow.Services[0]; gate.Concurrency != 5 || gate.Functions != 3 || gate.Worker || !gate.Table {
		t.Errorf("gate is %+v", gate)
	}
	if bell := flow.Services[1]; bell.Concurrency != 8 || bell.Rate != 50 || !bell.Worker || bell.Table || bell.TaskBacklog != 3000 {
		t.Errorf("bell is %+v", bell)
	}
	if math.Abs(processor[0]-0.007) > 1e-9 || math.Abs(processor[1]-0.004) > 1e-9 {
		t.Errorf("own work is %v", processor)
	}
	if _, _, err := derive(manifests, [][]events.Step{{ring}}, 1); err == nil || !strings.Contains(err.Error(), "not with a request") {
		t.Errorf("an execution that begins with an event: %v", err)
	}
}

// TestUsage checks that impossible options are refused before anything starts.
func TestUsage(t *testing.T) {
	t.Chdir(fixture.Tree(t, "greeter"))
	call := clitest.Caller(t, run)
	call("-rate 0", cli.ExitUsage, "-rate is 0")
	call("-seconds 1e6", cli.ExitUsage, "-seconds is 1e+06")
	call("-region mars", cli.ExitUsage, `region "mars"`)
	call("-story nowhere", cli.ExitUsage, `there is no story "nowhere"`)
	call("something", cli.ExitUsage, `unexpected argument "something"`)
	call("-latency -0.001", cli.ExitUsage, "-latency is -0.001")
}
