package console

import (
	"encoding/json"
	"time"

	"example.com/localcloud/scheduler/expression"
	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/console/drawing"
	"example.com/troupe/scripts/internal/console/record"
	"example.com/troupe/scripts/internal/personal"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/target"
)

// scene contains the declarations in the forms that the console needs.
type scene struct {
	declared *stack.Declared
	target   *target.Target
	audience *record.Audience
	drawn    drawing.Map
	handlers map[string]map[string]handler // by service, then by event or route
	personal *personal.Declared
}

func newScene(declared *stack.Declared, at *target.Target) (*scene, error) {
	audience, err := record.NewAudience(declared.Contracts, declared.Manifests)
	if err != nil {
		return nil, err
	}
	marked, err := personal.Of(declared)
	if err != nil {
		return nil, err
	}
	return &scene{
		declared: declared, target: at, audience: audience, personal: marked,
		drawn:    drawing.Map{Services: declared.Manifests, Events: declared.Contracts},
		handlers: findHandlers(declared.Root, declared.Manifests),
	}, nil
}

// mapView is the data behind the map, for what the page shows when something is selected.
type mapView struct {
	Env       string        `json:"env"`
	Write     bool          `json:"write"`
	API       string        `json:"api"`       // URL of the HTTP API; "" if unknown
	Publish   string        `json:"publish"`   // command that publishes events here
	Documents bool          `json:"documents"` // can be shown
	Services  []serviceView `json:"services"`
	Events    []eventView   `json:"events"`
}

type serviceView struct {
	Name        string                  `json:"name"`
	Description string                  `json:"description"`
	Runtime     manifest.Runtime        `json:"runtime"`
	Store       manifest.Store          `json:"store"`
	HTTP        []string                `json:"http"`
	Subscribes  []manifest.Subscription `json:"subscribes"`
	Publishes   []string                `json:"publishes"`
	Schedules   []scheduleView          `json:"schedules,omitempty"`
	Queue       *manifest.Queue         `json:"queue,omitempty"`
	Handlers    map[string]handler      `json:"handlers"` // by event or route
}

type eventView struct {
	Type        string          `json:"type"`
	Title       string          `json:"title"`
	Description string          `json:"description"`
	Producer    string          `json:"producer"`
	Source      string          `json:"source,omitempty"` // of an event from outside
	Channel     events.Channel  `json:"channel"`
	Subject     string          `json:"subject"`
	File        string          `json:"file"`
	Schema      json.RawMessage `json:"schema"`
	Examples    []exampleView   `json:"examples"`
}

type scheduleView struct {
	manifest.Schedule
	Next time.Time `json:"next,omitzero"` // unknown for a rate, which counts from the schedule's creation
}

func schedules(declared []manifest.Schedule, now time.Time) (views []scheduleView) {
	for _, s := range declared {
		view := scheduleView{Schedule: s}
		if zone, err := time.LoadLocation(s.Timezone); err == nil {
			if e, valid := expression.Parse(s.Expression, zone); valid && !e.Periodic() {
				view.Next, _ = e.Next(now, now)
			}
		}
		views = append(views, view)
	}
	return views
}

type exampleView struct {
	Name string          `json:"name"` // "" for the default example
	Data json.RawMessage `json:"data"`
}

func (s *scene) view() mapView {
	v := mapView{Services: []serviceView{}, Events: []eventView{}}
	for _, m := range s.declared.Manifests {
		service := serviceView{
			Name: m.Name, Description: m.Description, Runtime: m.Runtime, Store: m.Store,
			HTTP: m.HTTP, Subscribes: m.Subscribes, Publishes: m.Publishes, Schedules: schedules(m.Schedules, time.Now()), Handlers: s.handlers[m.Name],
		}
		if m.HasQueue() {
			service.Queue = &m.Queue
		}
		v.Services = append(v.Services, service)
	}
	for _, e := range s.declared.Contracts {
		event := eventView{
			Type: e.Type, Title: e.Title, Description: e.Description, Producer: e.Producer, Channel: e.Channel,
			Subject: e.Subject, File: "events/" + e.File, Schema: e.Schema,
		}
		if e.Outside != nil {
			event.Source = e.Outside.Source
		}
		for _, example := range e.Examples {
			event.Examples = append(event.Examples, exampleView{Name: example.Name, Data: example.Data})
		}
		v.Events = append(v.Events, event)
	}
	return v
}
