package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"example.com/localcloud/eventbridge/pattern"
	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/testevent"
)

// errNoRate reports that no service of the checkout has a rate.
var errNoRate = errors.New(`no service has a rate, so there is nothing to flood: add "rate", in events per second, to a worker's service.json`)

// subject is what a surge runs with: a worker with a rate, and an event to which it subscribes.
type subject struct {
	service  *manifest.Manifest
	contract *schema.Event
	example  []byte // data that reaches the service
}

// choose returns the worker with a rate, or the one with a name.
func choose(d *stack.Declared, name string) (*subject, error) {
	var found []*manifest.Manifest
	var names []string
	for _, m := range d.Manifests {
		if m.Rate > 0 && (name == "" || m.Name == name) {
			found, names = append(found, m), append(names, m.Name)
		}
	}
	switch {
	case len(found) == 1:
		return subjectOf(d, found[0])
	case len(found) > 1:
		return nil, cli.Usage("these services have a rate: %s; choose one with -service", strings.Join(names, ", "))
	case name == "":
		return nil, errNoRate
	}
	return nil, cli.Usage(`-service: %s is not a service with a rate: the services are %s, and a rate is "rate" in service.json`, name, strings.Join(d.Services(), ", "))
}

// subjectOf returns the first event to which the service subscribes, with an example that meets the subscription's
// condition.
func subjectOf(d *stack.Declared, m *manifest.Manifest) (*subject, error) {
	var kept []string
	for _, subscription := range m.Subscribes {
		contract, err := testevent.Find(d.Contracts, subscription.Event)
		if err != nil {
			return nil, err
		}
		for _, example := range contract.Examples {
			s := &subject{service: m, contract: contract, example: example.Data}
			passes, err := s.passes(subscription.Where)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", example.File, err)
			}
			if passes {
				return s, nil
			}
		}
		kept = append(kept, subscription.Event)
	}
	return nil, cli.Refuse("no example of %s meets the condition (where) in the service.json of %s: add one beside its schema", strings.Join(kept, ", "), m.Name)
}

// passes reports whether the example meets a subscription's condition.
func (s *subject) passes(where json.RawMessage) (bool, error) {
	if where == nil {
		return true, nil
	}
	condition, err := pattern.Compile(where)
	if err != nil {
		return false, err
	}
	message, err := testevent.Message(s.contract, s.example)
	if err != nil {
		return false, err
	}
	envelope, err := json.Marshal(message.Envelope)
	if err != nil {
		return false, err
	}
	return condition.Match(envelope)
}

// sql reports whether the service has an SQL database.
func (s *subject) sql() bool { return s.service.Store == manifest.SQL }

// events creates n events with new identities from the example.
func (s *subject) events(n int) ([]events.Message, error) {
	messages := make([]events.Message, n)
	for i := range messages {
		data, err := testevent.Fresh(s.contract, s.example)
		if err != nil {
			return nil, err
		}
		if messages[i], err = testevent.Message(s.contract, data); err != nil {
			return nil, err
		}
	}
	return messages, nil
}
