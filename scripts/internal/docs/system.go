package docs

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/topology"
)

// names are the names of resources in any environment: what differs between environments stays a placeholder.
func names(project string) topology.Names {
	return topology.Names{Project: project, Env: "{env}", Region: "{region}", Account: "{account}"}
}

// system is everything that is documented.
type system struct {
	Names        topology.Names
	Bus          string
	Environments []environment
	Services     []*service
	Events       []*event
}

// environment is where the system runs. The local one has no region.
type environment struct{ Name, Region string }

// service is a service with what it exchanges.
type service struct {
	*manifest.Manifest
	Resources  topology.Service
	Subscribes []subscription
	Publishes  []*event
}

// event is an event with who exchanges it.
type event struct {
	schema.Event
	Publisher   *service // nil if no service here publishes it
	Subscribers []subscription
	Versions    []*event // the other ones
	Data        object   // its schema
}

// subscription is one event that one service subscribes to.
type subscription struct {
	Service *service
	Event   *event
	Where   json.RawMessage // nil is all of them
}

// load reads a checkout.
func load(root, project string) (*system, error) {
	declared, err := stack.Load(root)
	if err != nil {
		return nil, err
	}
	derived, err := declared.Topology(names(project), nil)
	if err != nil {
		return nil, err
	}
	s := &system{Names: names(project), Bus: derived.Bus}
	if s.Environments, err = environments(root); err != nil {
		return nil, err
	}
	for _, contract := range declared.Contracts {
		data, err := decode(contract.Schema)
		if err != nil {
			return nil, err
		}
		members, _ := data.(object)
		s.Events = append(s.Events, &event{Event: contract, Data: members})
	}
	for _, m := range declared.Manifests {
		s.Services = append(s.Services, &service{Manifest: m})
	}
	for _, service := range s.Services {
		at := slices.IndexFunc(derived.Services, func(d topology.Service) bool { return d.Name == service.Name })
		service.Resources = derived.Services[at]
		s.connect(service)
	}
	for _, e := range s.Events {
		for _, other := range s.Events {
			if other != e && stem(other.Type) == stem(e.Type) {
				e.Versions = append(e.Versions, other)
			}
		}
	}
	return s, nil
}

// connect records what a service exchanges, on both sides.
func (s *system) connect(m *service) {
	for _, wanted := range m.Manifest.Subscribes {
		e := s.event(wanted.Event)
		made := subscription{m, e, wanted.Where}
		m.Subscribes = append(m.Subscribes, made)
		e.Subscribers = append(e.Subscribers, made)
	}
	for _, eventType := range m.Manifest.Publishes {
		e := s.event(eventType)
		m.Publishes = append(m.Publishes, e)
		e.Publisher = m
	}
}

// event returns the event of a type, which the topology has found to exist.
func (s *system) event(eventType string) *event {
	return s.Events[slices.IndexFunc(s.Events, func(e *event) bool { return e.Type == eventType })]
}

// stem returns an event's type without its version.
func stem(eventType string) string { return eventType[:strings.LastIndex(eventType, ".v")] }

// Address returns where an event is sent to, in any environment: its type on the bus, the name of its topic, or that of
// its producer's queue.
func (s *system) Address(e *event) string {
	switch e.Channel {
	case events.SNS:
		return s.Names.Topic(e.Type)
	case events.Queue:
		return s.Names.Service(e.Producer)
	default:
		return e.Type
	}
}

// region matches a region where Terraform's files assign one: in an environment, and as the default of all.
var (
	region        = regexp.MustCompile(`(?m)^region\s*=\s*"([a-z0-9-]+)"`)
	defaultRegion = regexp.MustCompile(`(?s)variable "region" \{[^}]*?default\s*=\s*"([a-z0-9-]+)"`)
)

// environments returns the local environment and those that Terraform knows.
func environments(root string) ([]environment, error) {
	fallback, err := assigned(filepath.Join(root, "terraform/variables.tf"), defaultRegion)
	if err != nil {
		return nil, err
	}
	found := []environment{{Name: stack.Env}}
	files, err := fs.Glob(os.DirFS(root), "terraform/env/*.tfvars")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		own, err := assigned(filepath.Join(root, file), region)
		if err != nil {
			return nil, err
		}
		if own == "" {
			own = fallback
		}
		found = append(found, environment{strings.TrimSuffix(path.Base(file), ".tfvars"), own})
	}
	return found, nil
}

// assigned returns what a file assigns, or "" if it doesn't, or doesn't exist.
func assigned(file string, pattern *regexp.Regexp) (string, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if match := pattern.FindSubmatch(text); match != nil {
		return string(match[1]), err
	}
	return "", err
}
