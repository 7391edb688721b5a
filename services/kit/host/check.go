package host

import (
	"fmt"
	"maps"
	"slices"

	"example.com/troupe/events/manifest"
)

// checkManifest compares what service.json declares with what setup registered. The
// infrastructure is built from the one and the work is done by the other, so each
// difference would be an event that nobody handles, or a handler that never runs.
func (rt *Runtime) checkManifest() {
	for _, subscription := range rt.manifest.Subscribes {
		if _, handled := rt.handlers[subscription.Event]; !handled {
			rt.refuse("service.json hears %s, but no handler takes it: register one with eventing.On, or take it out of \"subscribes\"", subscription.Event)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(rt.handlers)) {
		if h := rt.handlers[name]; !rt.manifest.SubscribesTo(name) {
			rt.refuse("%s (%s) handles %s, but service.json does not hear it: add it to \"subscribes\"", h.Name, h.Source, name)
		}
	}
	for _, route := range rt.manifest.HTTP {
		if !slices.Contains(rt.routes, route) {
			rt.refuse("service.json serves %s, but no handler takes it: register one with Handle or HandleUnit, or take it out of \"http\"", route)
		}
	}
	for _, route := range rt.routes {
		if !slices.Contains(rt.manifest.HTTP, route) {
			rt.refuse("a handler serves %s, but service.json does not: add it to \"http\"", route)
		}
	}
	if rt.manifest.Store == manifest.SQL && rt.opener == nil {
		rt.refuse("service.json has the store sql: give main's host.Main the option host.WithStore")
	}
}

// setUp lets the service say what it is made of, and checks that.
func (rt *Runtime) setUp(setup func(*Runtime)) (err error) {
	defer func() {
		switch cause := recover().(type) {
		case nil:
		case setupError:
			err = fmt.Errorf("set up %s: %w", rt.manifest.Name, cause.error)
		default:
			panic(cause)
		}
	}()
	setup(rt)
	rt.checkManifest()
	rt.readEnvironment()
	if len(rt.problems) > 0 {
		return &ConfigError{Service: rt.manifest.Name, Problems: rt.problems}
	}
	return nil
}
