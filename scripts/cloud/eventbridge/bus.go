package eventbridge

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"

	"example.com/localcloud/wire"
)

const defaultBus = "default"

type bus struct {
	name, arn   string
	description string
	created     Time
	modified    Time
	policy      *policy
	rules       map[string]*rule
	index       *index // of the rules; nil after a rule has changed
}

func newBus(name, description string) *bus {
	at := now()
	return &bus{name: name, arn: busARN(name), description: description, created: at, modified: at, rules: map[string]*rule{}}
}

// busARN returns the ARN of a bus that is given by name or ARN. "" means the default bus.
func busARN(nameOrARN string) string {
	if wire.IsARN(nameOrARN) {
		return nameOrARN
	}
	return wire.ARN("events", "event-bus/"+busName(nameOrARN))
}

// busName returns the name of a bus that is given by name or ARN. It returns an ARN that identifies no bus of this
// account and region unchanged, so that no bus is found.
func busName(nameOrARN string) string {
	if nameOrARN == "" {
		return defaultBus
	}
	if !wire.IsARN(nameOrARN) {
		return nameOrARN
	}
	name, err := wire.Local("events", "event-bus/", nameOrARN)
	if err != nil {
		return nameOrARN
	}
	return name
}

// bus returns a bus by name or ARN.
func (s *Service) bus(nameOrARN string) (*bus, error) {
	if b := s.buses[busName(nameOrARN)]; b != nil {
		return b, nil
	}
	return nil, notFound("Event bus %s does not exist.", busName(nameOrARN))
}

// busOf returns a bus by ARN, where a name is not enough.
func (s *Service) busOf(arn string) (*bus, error) {
	if !wire.IsARN(arn) {
		return nil, validation("Parameter EventSourceArn is not valid. Reason: %.300q is not an ARN.", arn)
	}
	return s.bus(arn)
}

// CreateEventBusInput describes a new bus.
type CreateEventBusInput struct {
	Name        string
	Description string
	Tags        []Tag

	// EventSourceName is of a partner's bus, and its name. Every partner's event source is there.
	EventSourceName string
}

func (in *CreateEventBusInput) arn() string { return busARN(in.Name) }

// CreateEventBusOutput identifies the new bus.
type CreateEventBusOutput struct {
	EventBusArn string
	Description string `json:",omitempty"`
}

// CreateEventBus creates a bus. It fails if the name is taken.
func (s *Service) CreateEventBus(_ context.Context, in *CreateEventBusInput) (*CreateEventBusOutput, error) {
	if err := in.checkName(); err != nil {
		return nil, err
	}
	if err := checkLength("description", in.Description, maxDescription); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.buses[in.Name] != nil {
		return nil, exists("Event bus %s already exists.", in.Name)
	}
	b := newBus(in.Name, in.Description)
	s.buses[in.Name] = b
	s.keepBus(b)
	s.tag(b.arn, in.Tags)
	return &CreateEventBusOutput{b.arn, b.description}, nil
}

// checkName validates the name. A partner's bus is named as its event source (API reference, CreateEventBus).
func (in *CreateEventBusInput) checkName() error {
	if in.EventSourceName != "" {
		if in.EventSourceName != in.Name || !partnerSource.MatchString(in.Name) {
			return validation("Event bus name %.300q must match the event source name %.300q, aws.partner/…", in.Name, in.EventSourceName)
		}
		return nil
	}
	if strings.Contains(in.Name, "/") {
		return validation("Event bus name must not contain '/'.")
	}
	return checkName("name", in.Name, 256)
}

// partnerSource is the form of a partner's event source (API reference, CreateEventBus).
var partnerSource = regexp.MustCompile(`^aws\.partner(/[.\-_A-Za-z0-9]+){2,}$`)

// EventBusInput names a bus. Without a name it means the default one.
type EventBusInput struct{ Name string }

func (in *EventBusInput) arn() string { return busARN(in.Name) }

// DeleteEventBus deletes a bus, which must have no rules. It succeeds if there is no such bus.
func (s *Service) DeleteEventBus(_ context.Context, in *EventBusInput) (*Nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := busName(in.Name)
	if name == defaultBus {
		return nil, validation("Cannot delete event bus default.")
	}
	if b := s.buses[name]; b != nil && len(b.rules) > 0 {
		return nil, validation("Cannot delete event bus %s since it has rules.", name)
	}
	delete(s.buses, name)
	s.journal.Delete(kindBus, name)
	s.untag(busARN(name))
	return &Nothing{}, nil
}

// EventBus describes a bus.
type EventBus struct {
	Name             string
	Arn              string
	Description      string `json:",omitempty"`
	Policy           string `json:",omitempty"`
	CreationTime     Time
	LastModifiedTime Time
}

func (b *bus) describe() EventBus {
	return EventBus{b.name, b.arn, b.description, b.policy.String(), b.created, b.modified}
}

// DescribeEventBus describes a bus.
func (s *Service) DescribeEventBus(_ context.Context, in *EventBusInput) (*EventBus, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	b, err := s.bus(in.Name)
	if err != nil {
		return nil, err
	}
	description := b.describe()
	return &description, nil
}

// ListEventBusesOutput is a page of buses.
type ListEventBusesOutput struct {
	EventBuses []EventBus
	NextToken  string `json:",omitempty"`
}

// ListEventBuses lists buses in order of name.
func (s *Service) ListEventBuses(_ context.Context, in *ListInput) (*ListEventBusesOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	buses, next := pageOf(s.buses, *in, nil)
	out := &ListEventBusesOutput{EventBuses: []EventBus{}, NextToken: next}
	for _, b := range buses {
		out.EventBuses = append(out.EventBuses, b.describe())
	}
	return out, nil
}

// policy is a bus's resource policy. It has no effect, since there is only one account; it is only stored and
// returned.
type policy struct {
	Version   string
	Statement []statement
}

type statement struct {
	Sid       string
	Effect    string
	Principal any
	Action    any
	Resource  any
	Condition any `json:",omitempty"`
}

// String returns the policy as JSON, or "" if it has no statements.
func (p *policy) String() string {
	if p == nil || len(p.Statement) == 0 {
		return ""
	}
	text, err := json.Marshal(p)
	if err != nil {
		return ""
	}
	return string(text)
}
