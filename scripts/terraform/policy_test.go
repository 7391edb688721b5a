//go:build terraform

package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"example.com/troupe/scripts/internal/topology"
)

// policy parses a policy document. IAM allows a single value in place of a list.
func (r *resource) policy(attribute string) *topology.Policy {
	r.t.Helper()
	var document struct {
		Version   string
		Statement []map[string]any
	}
	r.decode(attribute, &document)
	p := &topology.Policy{Version: document.Version}
	for _, s := range document.Statement {
		statement := topology.Statement{Effect: s["Effect"].(string), Action: listed(s["Action"]), Resource: listed(s["Resource"])}
		statement.Sid, _ = s["Sid"].(string)
		if principals, ok := s["Principal"].(map[string]any); ok {
			statement.Principal = map[string]string{}
			for kind, names := range principals {
				statement.Principal[kind] = strings.Join(listed(names), " ")
			}
		}
		if conditions, ok := s["Condition"].(map[string]any); ok {
			statement.Condition = map[string]map[string][]string{}
			for operator, keys := range conditions {
				statement.Condition[operator] = map[string][]string{}
				for key, values := range keys.(map[string]any) {
					statement.Condition[operator][key] = listed(values)
				}
			}
		}
		p.Statement = append(p.Statement, statement)
	}
	return p
}

func listed(value any) []string {
	switch value := value.(type) {
	case nil:
		return nil
	case []any:
		var list []string
		for _, v := range value {
			list = append(list, fmt.Sprint(v))
		}
		return list
	default:
		return []string{fmt.Sprint(value)}
	}
}

// onlyOnAWS are the statements that the local cloud has no use for, by their Sid.
var onlyOnAWS = []string{"Trace"} // Lambda's own spans, which go to X-Ray where somebody asks for them

// normal normalises a topology for comparison: it drops names and order of statements, the order of their lists, and
// JSON formatting.
func normal(t *topology.Topology) any {
	for i := range t.Services {
		s := &t.Services[i]
		normalPolicy(&s.Role.Policy)
		normalPolicy(&s.Role.Trust)
		if of := s.Scheduling; of != nil {
			normalPolicy(&of.Role.Policy)
			normalPolicy(&of.Role.Trust)
			slices.SortFunc(of.Schedules, func(a, b topology.Schedule) int { return strings.Compare(a.Name, b.Name) })
		}
		for _, q := range []*topology.Queue{s.Queue, s.DeadLetters, s.Undelivered} {
			if q != nil && q.Policy != nil {
				normalPolicy(q.Policy)
			}
		}
		slices.SortFunc(s.Rules, func(a, b topology.Rule) int { return strings.Compare(a.Name, b.Name) })
		slices.SortFunc(s.Subscriptions, func(a, b topology.Subscription) int { return strings.Compare(a.Topic, b.Topic) })
	}
	if t.Outside != nil {
		normalPolicy(&t.Outside.Role.Policy)
		normalPolicy(&t.Outside.Role.Trust)
		normalPolicy(t.Outside.Undelivered.Policy)
		slices.SortFunc(t.Outside.Rules, func(a, b topology.Forward) int { return strings.Compare(a.Name, b.Name) })
	}
	text, err := json.Marshal(t)
	if err != nil {
		return err
	}
	var plain any
	if err := json.Unmarshal(text, &plain); err != nil {
		return err
	}
	return plain
}

func normalPolicy(p *topology.Policy) {
	p.Statement = slices.DeleteFunc(p.Statement, func(s topology.Statement) bool { return slices.Contains(onlyOnAWS, s.Sid) })
	for i := range p.Statement {
		s := &p.Statement[i]
		s.Sid = ""
		slices.Sort(s.Action)
		slices.Sort(s.Resource)
		for _, keys := range s.Condition {
			for _, values := range keys {
				slices.Sort(values)
			}
		}
	}
	slices.SortFunc(p.Statement, func(a, b topology.Statement) int {
		return strings.Compare(fmt.Sprint(a), fmt.Sprint(b))
	})
}
