//go:build terraform

package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/topology"
)

var names = topology.Names{Project: stack.Project, Env: "dev", Region: "eu-central-1", Account: "123456789012"}

var inDev = []string{"environment=dev"}

// invented are services that the repository does not have, with what its own don't do.
var invented = map[string]string{
	"services/greeter/service.json": `{
		"name": "greeter", "description": "Hears by both channels, says on all three.", "runtime": "lambda", "http": ["GET /greetings/{id}", "PUT /greetings/{id}"],
		"subscribes": [
			{"event": "order.confirmed.v1", "where": {"metadata": {"producer": ["orders"]}, "data": {"totalCents": [{"numeric": [">", 1000]}], "region": [{"prefix": "e"}]}}},
			{"event": "fulfilment.requested.v1"}, {"event": "greeting.due.v1"}],
		"publishes": ["greeting.sent.v1", "greeting.wanted.v1", "greeting.due.v1"],
		"queue": {"visibility_seconds": 180, "max_receives": 3, "concurrency": 2, "batch": 100, "window_seconds": 5},
		"timeout_seconds": 30, "memory_mb": 1024, "store": "none", "config": {"GREETING": "hello"}}`,
	"services/packer/service.json": `{
		"name": "packer", "description": "A worker with a table, that keeps quiet.", "runtime": "worker",
		"subscribes": [{"event": "greeting.sent.v1"}], "rate": 0.5, "store": "dynamodb"}`,
	"services/mute/service.json":                     `{"name": "mute", "description": "Nothing to do with anybody.", "runtime": "lambda"}`,
	"events/greeter/greeting.sent.v1.schema.json":    contract("greeting.sent.v1", "eventbridge"),
	"events/greeter/greeting.wanted.v1.schema.json":  contract("greeting.wanted.v1", "sns"),
	"events/greeter/greeting.due.v1.schema.json":     contract("greeting.due.v1", "queue"),
	"events/greeter/greeting.sent.v1.example.json":   `{"id": "1"}`,
	"events/greeter/greeting.wanted.v1.example.json": `{"id": "1"}`,
	"events/greeter/greeting.due.v1.example.json":    `{"id": "1"}`,
}

func contract(event, channel string) string {
	return `{"$schema": "https://json-schema.org/draft/2020-12/schema", "x-event": {"type": "` + event + `", "producer": "greeter", "channel": "` + channel + `", "subject": "id"},
		"title": "Greeting", "description": "For the test.", "type": "object", "required": ["id"], "properties": {"id": {"description": "Whose.", "type": "string"}}}`
}

// TestTerraformMakesWhatTheLocalCloudWires compares all that Terraform makes of the manifests with what
// the local cloud is wired from: there is no difference between the two.
func TestTerraformMakesWhatTheLocalCloudWires(t *testing.T) {
	made := apply(t, "terraform", invented, inDev...)
	examples(t, made.Root)
	declared, err := stack.Load(made.Root)
	if err != nil {
		t.Fatal(err)
	}
	want, err := declared.Topology(names, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(want.Services) < 4 || len(want.Topics) < 2 || len(want.Routes) < 4 {
		t.Fatalf("the topology has %d services, %d topics, %d routes", len(want.Services), len(want.Topics), len(want.Routes))
	}
	if diff := cmp.Diff(normal(want), normal(made.derive(names))); diff != "" {
		t.Errorf("the local cloud (-) and Terraform (+) differ:\n%s", diff)
	}
	made.checkPolicies(reasons)
	made.checkEncryption()
	made.checkAlarms(want)
	made.checkRunbook(want)
	made.checkRegistry(len(declared.Contracts))
}

// examples copies the contracts' examples, which Terraform does not read.
func examples(t *testing.T, root string) {
	t.Helper()
	found, err := filepath.Glob("../../events/*/*.example.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range found {
		content, err := os.ReadFile(file)
		if err == nil {
			err = os.WriteFile(filepath.Join(root, "events", filepath.Base(filepath.Dir(file)), filepath.Base(file)), content, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
