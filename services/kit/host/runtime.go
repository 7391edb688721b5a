package host

import (
	"context"
	"fmt"
	"net/http"

	"example.com/troupe/events/manifest"
	"example.com/troupe/services/kit/eventing"
	"example.com/troupe/services/kit/inbox"
)

// Runtime is what a service's setup function builds the service with: its settings,
// its handlers and its routes. It is not used after setup, but for State.
type Runtime struct {
	manifest *manifest.Manifest
	getenv   func(string) string
	env      environment
	opener   Opener

	handlers map[string]eventing.Handler // by type of event
	routes   []string
	mux      *http.ServeMux
	problems []string // what keeps the service from starting

	units *units // nil until the service is connected
}

// Register takes a handler; call it through eventing.On.
func (rt *Runtime) Register(h eventing.Handler) {
	if earlier, taken := rt.handlers[h.Contract.Type]; taken {
		rt.refuse("%s has two handlers, %s (%s) and %s (%s): let one of them do both, since they share a unit of work",
			h.Contract.Type, earlier.Name, earlier.Source, h.Name, h.Source)
		return
	}
	rt.handlers[h.Contract.Type] = h
}

// Handle serves a route of service.json, as "GET /orders/{id}", with a handler that only
// reads: see State. Requests that change something go through HandleUnit.
func (rt *Runtime) Handle(pattern string, handler http.Handler) {
	rt.route(pattern, rt.query(pattern, handler))
}

// HandleUnit serves a route of service.json, as "POST /orders", with a unit of work.
func (rt *Runtime) HandleUnit(pattern string, handle UnitHandler) {
	rt.route(pattern, rt.unit(pattern, handle))
}

func (rt *Runtime) route(pattern string, handler http.Handler) {
	rt.routes = append(rt.routes, pattern)
	rt.mux.Handle(pattern, handler)
}

// State returns the service's state, to be read by queries once the service runs.
func (rt *Runtime) State() eventing.State { return lateState{rt} }

// lateState is there before the store is: setup says what the service is, and nothing is
// opened before that is known to be right.
type lateState struct{ rt *Runtime }

func (s lateState) Read(ctx context.Context, key string) ([]byte, int64, error) {
	if s.rt.units == nil {
		return nil, 0, fmt.Errorf("read %s: the service does not run yet: read state in handlers, not in setup", key)
	}
	return s.rt.units.inbox.Read(ctx, key)
}

// Opener opens a service's database from its URL (DATABASE_URL).
type Opener func(ctx context.Context, url string) (inbox.Driver, error)

// Option changes how a service runs.
type Option func(*Runtime)

// WithStore gives the database of a service whose store is "sql". The host itself links
// none of them, so that a function carries only what it uses.
func WithStore(open func(ctx context.Context, url string) (inbox.Driver, error)) Option {
	return func(rt *Runtime) { rt.opener = open }
}

// Must returns the value of something that a service cannot be set up without. It is
// for setup only: an error there ends the process, with code 1.
func Must[T any](value T, err error) T {
	if err != nil {
		panic(setupError{err})
	}
	return value
}

// setupError carries an error out of setup: see Must.
type setupError struct{ error }
