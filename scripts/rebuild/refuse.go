package main

import (
	"slices"
	"strings"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/stack"
)

// byHand is where what this command can't do is described.
const byHand = "terraform/REBUILD.md says how to do it by hand"

// readModel returns the manifest of a service, or says why the service isn't one that can be rebuilt.
func readModel(declared *stack.Declared, name string) (*manifest.Manifest, error) {
	i := slices.IndexFunc(declared.Manifests, func(m *manifest.Manifest) bool { return m.Name == name })
	if i < 0 {
		return nil, cli.Refuse("there is no service %q; there are %s", name, strings.Join(declared.Services(), ", "))
	}
	m := declared.Manifests[i]
	writes := slices.DeleteFunc(slices.Clone(m.HTTP), func(route string) bool {
		return strings.HasPrefix(route, "GET ") || strings.HasPrefix(route, "HEAD ")
	})
	elsewhere := notArchived(declared, m)
	switch {
	case len(m.Publishes) > 0:
		return nil, cli.Refuse("%s is not a read model: it publishes %s, and what it decides may differ when past events arrive in another order; %s",
			name, strings.Join(m.Publishes, ", "), byHand)
	case len(writes) > 0:
		return nil, cli.Refuse("%s is not a read model: what %s writes is in no archive, and would be lost", name, strings.Join(writes, ", "))
	case m.Store == manifest.None || !m.HasQueue():
		return nil, cli.Refuse("%s is not a read model: it keeps nothing that it has from events", name)
	case len(elsewhere) > 0:
		return nil, cli.Refuse("%s can't be made anew: %s does not go over the bus, whose archive this is", name, strings.Join(elsewhere, ", "))
	case m.Store == manifest.SQL:
		return nil, cli.Refuse("%s keeps its state in SQL, in a database that only the service reaches; %s", name, byHand)
	case m.Runtime != manifest.Lambda:
		return nil, cli.Refuse("%s is a worker, which can't be paused from here; %s", name, byHand)
	}
	return m, nil
}

// notArchived returns the events that a service subscribes to and that don't go over the bus.
func notArchived(declared *stack.Declared, m *manifest.Manifest) (types []string) {
	for _, contract := range declared.Contracts {
		if m.SubscribesTo(contract.Type) && contract.Channel != events.EventBridge {
			types = append(types, contract.Type)
		}
	}
	return types
}
