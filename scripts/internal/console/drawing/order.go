package drawing

import (
	"cmp"
	"slices"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
)

// inOrder returns the services in the order in which a flow reaches them. It begins with those that subscribe to no
// other service, or with those that have routes if there are none. Among services at the same depth, the one with the
// fewest subscriptions comes first.
func (m Map) inOrder() []*manifest.Manifest {
	depth := m.depths()
	at := func(s *manifest.Manifest) int {
		if d, reached := depth[s.Name]; reached {
			return d
		}
		return len(m.Services)
	}
	return slices.SortedStableFunc(slices.Values(m.Services), func(a, b *manifest.Manifest) int {
		return cmp.Or(cmp.Compare(at(a), at(b)), cmp.Compare(len(a.Subscribes), len(b.Subscribes)), cmp.Compare(a.Name, b.Name))
	})
}

// depths returns the depth of each service: how many services an event passes before it is reached.
func (m Map) depths() map[string]int {
	producers := map[string]string{} // by event
	for _, service := range m.Services {
		for _, event := range service.Publishes {
			producers[event] = service.Name
		}
	}
	depth := map[string]int{}
	for at := 0; ; at++ {
		var reached []string
		for _, service := range m.Services {
			if _, before := depth[service.Name]; !before && follows(service, producers, depth, at) {
				reached = append(reached, service.Name)
			}
		}
		if at == 0 && len(reached) == 0 {
			reached = m.answering() // the rest form cycles: begin with those that have routes
		}
		if len(reached) == 0 {
			return depth
		}
		for _, name := range reached {
			depth[name] = at
		}
	}
}

// answering returns the services that have routes.
func (m Map) answering() (names []string) {
	for _, service := range m.Services {
		if len(service.HTTP) > 0 {
			names = append(names, service.Name)
		}
	}
	return names
}

// follows reports whether a service has the next depth: it subscribes to no other service, or to one that has been
// reached.
func follows(service *manifest.Manifest, producers map[string]string, depth map[string]int, at int) bool {
	others := 0
	for _, subscription := range service.Subscribes {
		by := producers[subscription.Event]
		if _, reached := depth[by]; reached {
			return true
		}
		if by != "" && by != service.Name {
			others++
		}
	}
	return at == 0 && others == 0
}

// rows returns the events from outside, and then routes and events by the service that answers or publishes them.
func (m Map) rows(services []*manifest.Manifest) (rows []row) {
	contracts := map[string]schema.Event{}
	for _, event := range m.Events {
		contracts[event.Type] = event
		if event.Outside != nil {
			rows = append(rows, row{event: event, producer: outsider, subscribers: subscribersOf(event.Type, services)})
		}
	}
	for at, service := range services {
		first := len(rows)
		for _, route := range service.HTTP {
			rows = append(rows, row{event: schema.Event{Contract: events.Contract{Type: route}}, route: true, producer: at})
		}
		for _, published := range service.Publishes {
			rows = append(rows, row{event: contracts[published], producer: at, subscribers: subscribersOf(published, services)})
		}
		if len(rows) > first {
			rows[first].opened = true
		}
	}
	return rows
}

func subscribersOf(event string, services []*manifest.Manifest) (subscribers []subscriber) {
	for i, listener := range services {
		for _, subscription := range listener.Subscribes {
			if subscription.Event == event {
				subscribers = append(subscribers, subscriber{i, subscription.Where != nil})
			}
		}
	}
	return subscribers
}
