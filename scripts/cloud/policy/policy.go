// Package policy evaluates IAM policy documents.
//
// Identity policies (of roles), resource policies (of queues, topics and functions) and trust policies share one
// language, so one evaluator serves them all. It has no side effects. It rejects what it does not support, because a
// policy with an ignored condition could pass here but fail on AWS.
package policy

import (
	"slices"
	"strings"
)

// Request is an action that somebody wants to perform.
type Request struct {
	Principal string // ARN or service ("events.amazonaws.com"); empty for identity policies
	Action    string // "sqs:SendMessage"
	Resource  string // ARN
	Context   map[string][]string

	// Caller returns the values of a condition key, in lower case, that depend on who calls: "aws:principalarn". It may
	// be nil.
	Caller func(key string) []string
}

// Document is a parsed policy. The zero value allows nothing.
type Document struct{ statements []statement }

type statement struct {
	deny       bool
	principals *principals // nil in identity policies
	actions    filter
	resources  filter
	conditions []condition
}

// Allows reports whether a statement allows the request and none denies it.
func (d Document) Allows(r Request) bool { return Allows(r, d) }

// Allows evaluates several documents together. An explicit denial in any of them takes precedence.
func Allows(r Request, documents ...Document) bool {
	allowed := false
	for _, d := range documents {
		for _, s := range d.statements {
			if !s.matches(r) {
				continue
			}
			if s.deny {
				return false
			}
			allowed = true
		}
	}
	return allowed
}

func (s statement) matches(r Request) bool {
	return s.principals.match(r.Principal) &&
		s.actions.match(strings.ToLower(r.Action)) &&
		s.resources.match(r.Resource) &&
		!slices.ContainsFunc(s.conditions, func(c condition) bool { return !c.holds(r) })
}

// filter is an Action or Resource element or its negation.
type filter struct {
	patterns []string
	not      bool
}

func (f filter) match(value string) bool {
	return slices.ContainsFunc(f.patterns, func(p string) bool { return like(p, value) }) != f.not
}

// principals holds the principals of a statement: "*", ARNs, accounts or services.
type principals struct{ aws, services []string }

func (p *principals) match(principal string) bool {
	if p == nil || principal == "" {
		return p == nil && principal == ""
	}
	return slices.Contains(p.services, principal) ||
		slices.ContainsFunc(p.aws, func(want string) bool { return sameIdentity(want, principal) })
}

// sameIdentity compares principals. An account, given by its number or its root, matches everybody in it; a role matches
// its sessions (IAM user guide, "AWS JSON policy elements: Principal").
func sameIdentity(want, principal string) bool {
	if want == "*" || want == principal {
		return true
	}
	parts := strings.Split(principal, ":")
	if len(parts) < 6 {
		return false // a service
	}
	if strings.HasPrefix(want, "arn:") {
		whole := strings.SplitN(want, ":", 6)
		return whole[4] == parts[4] && (whole[5] == "root" || isSessionOf(parts[5], whole[5]))
	}
	return want == parts[4]
}

// isSessionOf reports whether a session, assumed-role/NAME/SESSION, is of role/PATH/NAME.
func isSessionOf(session, role string) bool {
	name, isRole := strings.CutPrefix(role, "role/")
	of, isSession := strings.CutPrefix(session, "assumed-role/")
	of, _, _ = strings.Cut(of, "/")
	return isRole && isSession && name[strings.LastIndex(name, "/")+1:] == of
}
