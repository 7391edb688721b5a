// Package iam implements the part of IAM and STS that least privilege needs: roles, their inline policies, and
// temporary credentials.
//
// The access key alone identifies a caller. Signatures are not verified, since whoever can reach a loopback port of
// this machine could also read the keys. A key that this package did not issue belongs to the account's root user, so
// any credentials work. A key that it issued has the permissions of its role.
package iam

import (
	"cmp"
	"sync"

	"example.com/localcloud/journal"
	"example.com/localcloud/policy"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

// Service holds the roles of the account and the credentials that it has issued.
type Service struct {
	tap     *tap.Tap
	journal *journal.Journal // nil: nothing survives the process

	mu       sync.RWMutex
	roles    map[string]*role    // by name
	sessions map[string]*session // by access key id
}

// New returns an account without roles. It reports every denial to the tap.
func New(t *tap.Tap) *Service {
	return &Service{tap: t, roles: map[string]*role{}, sessions: map[string]*session{}}
}

// Wire returns IAM's table of operations.
func (s *Service) Wire() *wire.Service {
	return &wire.Service{
		Name:      "iam",
		Namespace: "https://iam.amazonaws.com/doc/2010-05-08/",
		Operations: []wire.Operation{
			wire.Op("CreateRole", s.CreateRole, func(in *CreateRoleInput) []wire.Access {
				return []wire.Access{{Action: "iam:CreateRole", Resource: roleARN(cmp.Or(in.Path, "/"), in.RoleName)}}
			}),
			wire.Op("GetRole", s.GetRole, need[*RoleInput](s, "GetRole")),
			wire.Op("DeleteRole", s.DeleteRole, need[*RoleInput](s, "DeleteRole")),
			wire.Op("ListRoles", s.ListRoles, need[*ListRolesInput](s, "ListRoles")),
			wire.Op("UpdateAssumeRolePolicy", s.UpdateAssumeRolePolicy, need[*UpdateAssumeRolePolicyInput](s, "UpdateAssumeRolePolicy")),
			wire.Op("PutRolePolicy", s.PutRolePolicy, need[*PutRolePolicyInput](s, "PutRolePolicy")),
			wire.Op("GetRolePolicy", s.GetRolePolicy, need[*RolePolicyInput](s, "GetRolePolicy")),
			wire.Op("DeleteRolePolicy", s.DeleteRolePolicy, need[*RolePolicyInput](s, "DeleteRolePolicy")),
			wire.Op("ListRolePolicies", s.ListRolePolicies, need[*ListRolePoliciesInput](s, "ListRolePolicies")),
		},
	}
}

// WireSTS returns STS's table of operations.
func (s *Service) WireSTS() *wire.Service {
	return &wire.Service{
		Name:      "sts",
		Namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
		Operations: []wire.Operation{
			wire.Op("AssumeRole", s.AssumeRole, func(in *AssumeRoleInput) []wire.Access {
				return []wire.Access{{Action: "sts:AssumeRole", Resource: in.RoleArn, Context: in.context()}}
			}),
			wire.Op("GetCallerIdentity", s.GetCallerIdentity, func(*Empty) []wire.Access { return nil }), // needs no permission
		},
	}
}

// Empty is an input or an output without members.
type Empty struct{}

// about is an input that names a role.
type about interface{ role() string }

func need[P interface {
	about
	*In
}, In any](s *Service, action string) func(*In) []wire.Access {
	return func(in *In) []wire.Access {
		return []wire.Access{{Action: "iam:" + action, Resource: s.arnOf(P(in).role())}}
	}
}

// arnOf returns the ARN of a role, which has a path, or the one that a role of this name would have without a path.
func (s *Service) arnOf(name string) string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if r := s.roles[name]; r != nil {
		return r.Arn
	}
	return roleARN("/", name)
}

// roleARN returns a role's ARN. IAM's resources belong to no region.
func roleARN(path, name string) string { return "arn:aws:iam::" + wire.Account + ":role" + path + name }

func malformed(err error) error { return wire.Errorf("MalformedPolicyDocument", "%v", err) }

func missing(format string, args ...any) *wire.Error {
	e := wire.Errorf("NoSuchEntity", format, args...)
	e.Status = 404
	return e
}

// trusts reports whether the principal of a request may assume a role.
func (r *role) trusts(request policy.Request) bool {
	request.Action, request.Resource = "sts:AssumeRole", r.Arn
	return r.trust.Allows(request)
}
