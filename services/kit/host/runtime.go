package host

import (
	"context"
	"fmt"

	"example.com/troupe/events"
	"example.com/troupe/events/bus"
	"example.com/troupe/events/manifest"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
	"example.com/troupe/services/kit/web"
	"github.com/aws/aws-sdk-go-v2/aws"
)

// Runtime is what a service's setup function builds the service with: its settings, its
// handlers and its routes. It is not used after setup.
type Runtime struct {
	manifest *manifest.Manifest
	getenv   func(string) string
	env      environment
	opener   Opener
	spans    func(ctx context.Context, service, environment string) (Spans, error)
	secrets  SecretReader

	reminders func(aws.Config, bus.Schedules) bus.Scheduler // nil without WithReminders

	handlers map[string]eventing.Handler // by type of event
	routes   []web.Route
	problems []string // what keeps the service from starting
}

// Register takes a handler. Call it through eventing.On.
func (rt *Runtime) Register(h eventing.Handler) {
	if earlier, taken := rt.handlers[h.Contract.Type]; taken {
		rt.refuse("%s has two handlers, %s (%s) and %s (%s): let one of them do both, since they share a unit of work",
			h.Contract.Type, earlier.Name, earlier.Source, h.Name, h.Source)
		return
	}
	rt.handlers[h.Contract.Type] = h
}

// contracts returns what the handlers take.
func (rt *Runtime) contracts() (contracts []*events.Contract) {
	for _, h := range rt.handlers {
		contracts = append(contracts, h.Contract)
	}
	return contracts
}

// Handle serves a route of service.json, as "GET /orders/{id}", with a handler that only
// reads.
func (rt *Runtime) Handle(pattern string, handler web.Handler) {
	rt.routes = append(rt.routes, web.Route{Pattern: pattern, Handler: handler})
}

// HandleUnit serves a route of service.json, as "POST /orders", with a unit of work.
func (rt *Runtime) HandleUnit(pattern string, handler web.Handler) {
	rt.routes = append(rt.routes, web.Route{Pattern: pattern, Handler: handler, Unit: true})
}

// Opener opens a service's database from its URL (DATABASE_URL).
type Opener func(ctx context.Context, url, service string) (inbox.Driver, error)

// Option changes how a service runs.
type Option func(*Runtime)

// WithStore gives the database of a service whose store is "sql": sqlstore.Opener. The host
// itself links no SQL driver, so a function carries only what it uses.
func WithStore(open func(ctx context.Context, url, service string) (inbox.Driver, error)) Option {
	return func(rt *Runtime) { rt.opener = open }
}

// WithReminders gives a service with reminders of more than 15 minutes what keeps them: reminders.Open. The host itself doesn't
// link EventBridge Scheduler's client.
func WithReminders(open func(aws.Config, bus.Schedules) bus.Scheduler) Option {
	return func(rt *Runtime) { rt.reminders = open }
}

func newRuntime(declaration []byte, getenv func(string) string, options ...Option) (*Runtime, error) {
	parse := manifest.Parse
	if getenv("AWS_LAMBDA_RUNTIME_API") != "" { // each start counts, and what builds a function has parsed its service.json
		parse = manifest.Decode
	}
	declared, err := parse("service.json", declaration)
	if err != nil {
		return nil, &ConfigError{Service: "the service", Problems: []string{err.Error()}}
	}
	rt := &Runtime{manifest: declared, getenv: getenv, handlers: map[string]eventing.Handler{}}
	for _, option := range options {
		option(rt)
	}
	return rt, nil
}

// setUp runs the service's setup function, and checks that service.json, the code and the
// environment agree: if not, it returns a *ConfigError.
func (rt *Runtime) setUp(setup func(*Runtime) error) error {
	if err := setup(rt); err != nil {
		return fmt.Errorf("set up %s: %w", rt.manifest.Name, err)
	}
	rt.checkManifest()
	rt.readEnvironment()
	if len(rt.problems) > 0 {
		return &ConfigError{Service: rt.manifest.Name, Problems: rt.problems}
	}
	return nil
}
