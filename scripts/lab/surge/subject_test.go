package main

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/stack"
)

// village declares a mill that only grinds rye, and other services.
func village() *stack.Declared {
	contract := func(name string, examples ...string) (e schema.Event) {
		e.Contract = events.Contract{Type: name, Producer: "farm", Channel: events.SNS, Schema: []byte(`{"type": "object"}`)}
		e.Subject = "sackId"
		for _, data := range examples {
			e.Examples = append(e.Examples, schema.Example{File: name + ".example.json", Data: []byte(data)})
		}
		return e
	}
	return &stack.Declared{
		Contracts: []schema.Event{contract("field.ploughed.v1", `{"sackId": "f-1"}`), contract("sack.brought.v1", `{"sackId": "s-1", "grain": "oat"}`, `{"sackId": "s-2", "grain": "rye"}`)},
		Manifests: []*manifest.Manifest{
			{Name: "farm"},
			{Name: "mill", Rate: 5, Subscribes: []manifest.Subscription{{Event: "sack.brought.v1", Where: json.RawMessage(`{"data": {"grain": ["rye"]}}`)}}},
		},
	}
}

// TestChoose checks that the worker with a rate is chosen, with an example that reaches it.
func TestChoose(t *testing.T) {
	d := village()
	for _, name := range []string{"", "mill"} {
		about, err := choose(d, name)
		if err != nil || about.service.Name != "mill" || about.contract.Type != "sack.brought.v1" || !strings.Contains(string(about.example), "rye") {
			t.Fatalf("%q: %+v, %v", name, about, err)
		}
		messages, err := about.events(2)
		if err != nil || len(messages) != 2 {
			t.Fatal(err)
		}
		if a, b := messages[0].Envelope.Metadata, messages[1].Envelope.Metadata; a.ID == b.ID || a.Subject == b.Subject || !strings.HasPrefix(a.Subject, "s-") {
			t.Errorf("two events are %+v and %+v", a, b)
		}
	}
	if _, err := choose(d, "farm"); err == nil || !strings.Contains(err.Error(), "farm is not a service with a rate: the services are farm, mill") {
		t.Errorf("one without a rate: %v", err)
	}
	d.Manifests[1].Subscribes[0].Where = json.RawMessage(`{"data": {"grain": ["wheat"]}}`)
	if _, err := choose(d, ""); err == nil || !strings.Contains(err.Error(), "no example of sack.brought.v1 meets the condition") {
		t.Errorf("without an example that it gets: %v", err)
	}
	d.Manifests = append(d.Manifests, &manifest.Manifest{Name: "press", Rate: 1})
	if _, err := choose(d, ""); err == nil || !strings.Contains(err.Error(), "these services have a rate: mill, press; choose one with -service") {
		t.Errorf("two with a rate: %v", err)
	}
	d.Manifests = d.Manifests[:1]
	if _, err := choose(d, ""); !errors.Is(err, errNoRate) {
		t.Errorf("none with a rate: %v", err)
	}
}
