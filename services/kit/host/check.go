package host

import (
	"maps"
	"slices"

	"example.com/troupe/events/manifest"
	"example.com/troupe/services/kit/web"
)

// checkManifest compares what service.json declares with what setup registered. The
// infrastructure is built from the former and the work is done by the latter, so every
// difference would be an event that nobody handles, or a handler that never runs.
func (rt *Runtime) checkManifest() {
	for _, subscription := range rt.manifest.Subscribes {
		if _, handled := rt.handlers[subscription.Event]; !handled {
			rt.refuse("service.json subscribes to %s, but no handler takes it: register one with eventing.On, or take it out of \"subscribes\"", subscription.Event)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(rt.handlers)) {
		if h := rt.handlers[name]; !rt.manifest.SubscribesTo(name) {
			rt.refuse("%s (%s) handles %s, but service.json does not subscribe to it: add it to \"subscribes\"", h.Name, h.Source, name)
		}
	}
	for _, pattern := range rt.manifest.HTTP {
		if !slices.ContainsFunc(rt.routes, func(r web.Route) bool { return r.Pattern == pattern }) {
			rt.refuse("service.json serves %s, but no handler takes it: register one with Handle or HandleUnit, or take it out of \"http\"", pattern)
		}
	}
	for _, route := range rt.routes {
		if !slices.Contains(rt.manifest.HTTP, route.Pattern) {
			rt.refuse("a handler serves %s, but service.json does not: add it to \"http\"", route.Pattern)
		}
	}
	if rt.manifest.Store == manifest.SQL && rt.opener == nil {
		rt.refuse("service.json has the store sql: pass host.WithStore to host.Main")
	}
	if len(rt.manifest.Secrets) > 0 && rt.secrets == nil {
		rt.refuse("service.json has secrets: pass host.WithSecrets(secrets.Read) to host.Main")
	}
}
