package topology

import (
	"errors"
	"fmt"
	"regexp"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
)

// checker collects conflicts between services. manifest.Verify checks each manifest against the contracts.
type checker struct {
	builder
	here      map[string]bool   // services
	published map[string]bool   // events that some service publishes
	routes    map[string]string // by route, the service that declares it
	problems  []error
}

func (b builder) check(manifests []*manifest.Manifest) error {
	c := checker{builder: b, here: map[string]bool{}, published: map[string]bool{}, routes: map[string]string{}}
	for _, m := range manifests {
		c.here[m.Name] = true
		c.checkPublishes(m)
		c.checkRoutes(m)
	}
	for _, m := range manifests {
		for _, s := range m.Subscribes {
			c.checkSubscribes(m, s)
		}
	}
	return errors.Join(c.problems...)
}

func (c *checker) problem(m *manifest.Manifest, format string, args ...any) {
	c.problems = append(c.problems, fmt.Errorf("services/%s/service.json: %s", m.Name, fmt.Sprintf(format, args...)))
}

// checkPublishes finds reminders that their service doesn't subscribe to.
func (c *checker) checkPublishes(m *manifest.Manifest) {
	for _, event := range m.Publishes {
		c.published[event] = true
		if c.contracts[event].Channel == events.Queue && !m.SubscribesTo(event) {
			c.problem(m, "publishes %s to its own queue and does not subscribe to it: add it to \"subscribes\"", event)
		}
	}
}

func (c *checker) checkSubscribes(m *manifest.Manifest, s manifest.Subscription) {
	contract := c.contracts[s.Event]
	if c.here[contract.Producer] && !c.published[s.Event] { // a producer that is elsewhere publishes from there
		c.problem(m, "subscribes to %s, and nobody publishes it: add it to \"publishes\" of services/%s/service.json", s.Event, contract.Producer)
	}
	if contract.Channel == events.Queue && s.Where != nil {
		c.problem(m, "subscribes to %s with \"where\", but nothing filters what a service sends to its own queue", s.Event)
	}
}

var variable = regexp.MustCompile(`{[^}]*}`)

func (c *checker) checkRoutes(m *manifest.Manifest) {
	for _, route := range m.HTTP {
		key := variable.ReplaceAllString(route, "{}") // an API can't tell /lamps/{id} from /lamps/{name}
		if other, taken := c.routes[key]; taken {
			c.problem(m, "answers %s, which %s answers too", route, other)
		}
		c.routes[key] = m.Name
	}
}
