// Package policy decides what IAM policy documents allow.
//
// Identity policies (of roles), resource policies (of queues, topics and
// functions) and trust policies are one language, so there is one evaluator. It is
// pure, and refuses what it does not know: a condition that is silently ignored
// would let a policy pass here that AWS takes otherwise.
package policy

import (
	"slices"
	"strings"
)

// Request is what somebody wants to do.
type Request struct {
	Principal string // ARN or service ("events.amazonaws.com"); empty asks identity policies
	Action    string // "sqs:SendMessage"
	Resource  string // ARN
	Context   map[string][]string
}

// Document is a parsed policy. The zero Document allows nothing.
type Document struct{ statements []statement }

type statement struct {
	deny       bool
	principals *principals // nil in identity policies
	actions    filter
	resources  filter
	conditions []condition
}

// Allows tells whether a statement allows the request and none denies it.
func (d Document) Allows(r Request) bool { return Allows(r, d) }

// Allows asks several documents as one: an explicit denial in any of them wins.
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
		!slices.ContainsFunc(s.conditions, func(c condition) bool { return !c.holds(r.Context) })
}

// filter is Action, Resource, or one of their negations.
type filter struct {
	patterns []string
	not      bool
}

func (f filter) match(value string) bool {
	return slices.ContainsFunc(f.patterns, func(p string) bool { return like(p, value) }) != f.not
}

// principals are whom a statement is about: "*", ARNs and accounts, or services.
type principals struct{ aws, services []string }

func (p *principals) match(principal string) bool {
	if p == nil || principal == "" {
		return p == nil && principal == ""
	}
	return slices.Contains(p.services, principal) ||
		slices.ContainsFunc(p.aws, func(want string) bool { return sameIdentity(want, principal) })
}

// sameIdentity compares ARNs; an account, by its number or its root, is everybody in it.
func sameIdentity(want, principal string) bool {
	if want == "*" || want == principal {
		return true
	}
	account, isRoot := strings.CutSuffix(strings.TrimPrefix(want, "arn:aws:iam::"), ":root")
	if !isRoot && strings.Contains(want, ":") {
		return false
	}
	parts := strings.Split(principal, ":")
	return len(parts) > 5 && parts[4] == account
}
