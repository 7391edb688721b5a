package topology

import (
	"errors"
	"fmt"

	"example.com/troupe/events/manifest"
)

// The longest names and the longest event pattern that AWS accepts, in characters. Queues, tables and topics may have
// longer names than rules, functions and roles.
const (
	executionRole = "-execution"
	schedulerRole = "-scheduler"
	maxName       = 64
	maxPattern    = 2048
)

// checkLimits finds what AWS would refuse halfway through a deployment.
func (t *Topology) checkLimits() error {
	var problems []error
	for _, s := range t.Services {
		names := map[string]string{"role": s.Role.Name}
		if s.Runtime == manifest.Worker {
			names["role"] += executionRole // Terraform makes it: what ECS itself may do to start a task
		}
		if s.Scheduling != nil {
			names["role"] = longer(names["role"], s.Scheduling.Role.Name)
			for _, schedule := range s.Scheduling.Schedules {
				names["schedule"] = longer(names["schedule"], schedule.Name)
			}
		}
		for _, rule := range s.Rules {
			names["rule"] = longer(names["rule"], rule.Name)
			if n := len(rule.Pattern.Detail); n > maxPattern {
				problems = append(problems, fmt.Errorf("services/%s/service.json: \"where\" of rule %s has %d characters; AWS accepts patterns of up to %d", s.Name, rule.Name, n, maxPattern))
			}
		}
		for what, name := range names {
			if len(name) > maxName {
				problems = append(problems, fmt.Errorf("the name of %s %s has %d characters; AWS accepts up to %d: shorten the project, the environment or the service", what, name, len(name), maxName))
			}
		}
	}
	if t.Outside != nil {
		for _, rule := range t.Outside.Rules {
			if len(rule.Name) > maxName {
				problems = append(problems, fmt.Errorf("the name of rule %s has %d characters; AWS accepts up to %d: shorten the project, the environment or the event's type", rule.Name, len(rule.Name), maxName))
			}
		}
	}
	return errors.Join(problems...)
}

func longer(a, b string) string {
	if len(b) > len(a) {
		return b
	}
	return a
}
