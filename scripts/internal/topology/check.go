package topology

import (
	"errors"
	"fmt"
	"regexp"

	"example.com/troupe/events"
	"example.com/troupe/events/manifest"
	"example.com/troupe/events/schema"
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
		for i, s := range m.Subscribes {
			c.checkSubscribes(m, s, fmt.Sprintf("/subscribes/%d", i))
		}
	}
	return errors.Join(c.problems...)
}

func (c *checker) problem(m *manifest.Manifest, place, expected string, args ...any) {
	c.problems = append(c.problems, m.InFile(schema.Violation{Place: place, Expected: fmt.Sprintf(expected, args...)}))
}

// checkPublishes finds reminders that their service doesn't subscribe to.
func (c *checker) checkPublishes(m *manifest.Manifest) {
	for i, event := range m.Publishes {
		c.published[event] = true
		if c.contracts[event].Channel == events.Queue && !m.SubscribesTo(event) {
			c.problem(m, fmt.Sprintf("/publishes/%d", i), "in \"subscribes\" too: the service sends it to its own queue")
		}
	}
}

func (c *checker) checkSubscribes(m *manifest.Manifest, s manifest.Subscription, place string) {
	contract := c.contracts[s.Event]
	if c.here[contract.Producer] && !c.published[s.Event] { // a producer that is elsewhere publishes from there
		c.problem(m, place+"/event", "an event that somebody publishes: add it to \"publishes\" of services/%s/service.json", contract.Producer)
	}
	if contract.Channel == events.Queue && s.Where != nil {
		c.problem(m, place+"/where", "left out: nothing filters what a service sends to its own queue")
	}
}

var variable = regexp.MustCompile(`{[^}]*}`)

func (c *checker) checkRoutes(m *manifest.Manifest) {
	for i, route := range m.HTTP {
		key := variable.ReplaceAllString(route, "{}") // an API can't tell /lamps/{id} from /lamps/{name}
		if other, taken := c.routes[key]; taken {
			c.problem(m, fmt.Sprintf("/http/%d", i), "a route of its own: %s answers it too", other)
		}
		c.routes[key] = m.Name
	}
}
