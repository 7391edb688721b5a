package manifest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
)

// Verify checks manifests that Load has read against the contracts: the events they name exist,
// each is published by its producer, only that subscribes to a reminder, some valid event matches each "where", and each schedule
// publishes a valid event. What is wrong is a *schema.FileError for each manifest, joined.
func Verify(manifests []*Manifest, contracts []schema.Event) error {
	var errs []error
	for _, m := range manifests {
		errs = append(errs, m.InFile(m.verify(contracts)...))
	}
	return errors.Join(errs...)
}

// InFile returns a *schema.FileError with the positions of violations in the file that Load read, or nil if there are
// none.
func (m *Manifest) InFile(violations ...schema.Violation) error {
	return schema.InFile(m.file, m.source, violations)
}

func (m *Manifest) verify(contracts []schema.Event) []schema.Violation {
	violations := m.verifyRuntime()
	for _, contract := range contracts {
		if contract.Outside != nil && contract.Producer == m.Name {
			violations = append(violations, schema.Violation{Place: "/name", Expected: fmt.Sprintf("another than that of a folder with events from outside, as events/%s", contract.File)})
			break
		}
	}
	audible := func(c events.Contract) bool { return c.Channel != events.Queue || c.Producer == m.Name }
	for i, s := range m.Subscribes {
		violations = append(violations, among(s.Event, contracts, audible, fmt.Sprintf("/subscribes/%d/event", i))...)
		for _, contract := range contracts {
			if contract.Type == s.Event {
				violations = append(violations, s.verify(contract, fmt.Sprintf("/subscribes/%d/where", i))...)
			}
		}
	}
	own := func(c events.Contract) bool { return c.Producer == m.Name && c.Outside == nil }
	for i, eventType := range m.Publishes {
		if at := slices.IndexFunc(contracts, func(e schema.Event) bool { return e.Type == eventType && e.Outside != nil }); at >= 0 {
			violations = append(violations, schema.Violation{Place: fmt.Sprintf("/publishes/%d", i),
				Expected: fmt.Sprintf("left out: %s comes from outside, and only %s publishes it", eventType, contracts[at].Outside.Source)})
			continue
		}
		violations = append(violations, among(eventType, contracts, own, fmt.Sprintf("/publishes/%d", i))...)
	}
	return append(violations, m.verifySchedules(contracts)...)
}

// verifyRuntime reports what a binary could do, but AWS has nothing for.
func (m *Manifest) verifyRuntime() (violations []schema.Violation) {
	if m.Runtime == Worker && len(m.HTTP) > 0 {
		violations = append(violations, schema.Violation{Place: "/http", Expected: "left out with the runtime worker: the HTTP API reaches functions only"})
	}
	if m.Runtime == Lambda && m.Store == SQL {
		violations = append(violations, schema.Violation{Place: "/store", Expected: "dynamodb or none with the runtime lambda: a database is made for workers only"})
	}
	return violations
}

// among returns a violation where no permitted contract has the type.
func among(eventType string, contracts []schema.Event, permitted func(events.Contract) bool, place string) []schema.Violation {
	var types []string
	for _, event := range contracts {
		if permitted(event.Contract) {
			types = append(types, event.Type)
		}
	}
	if slices.Contains(types, eventType) {
		return nil
	}
	return []schema.Violation{{Place: place, Expected: "one of " + strings.Join(types, ", ") + schema.Nearest(eventType, types)}}
}
