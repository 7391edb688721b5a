package iam

import (
	"context"
	"maps"
	"regexp"
	"slices"

	"example.com/localcloud/policy"
	"example.com/localcloud/wire"
)

var policyName = regexp.MustCompile(`^[\w+=,.@-]{1,128}$`)

// PutRolePolicyInput sets an inline policy.
type PutRolePolicyInput struct{ RoleName, PolicyName, PolicyDocument string }

func (in *PutRolePolicyInput) role() string { return in.RoleName }

// PutRolePolicy adds an inline policy, or replaces the one with the same name. It takes effect with the next request.
func (s *Service) PutRolePolicy(_ context.Context, in *PutRolePolicyInput) (*Empty, error) {
	if !policyName.MatchString(in.PolicyName) {
		return nil, wire.Errorf("ValidationError", "policyName must have 1 to 128 letters, digits and +=,.@-_ but is %.200q", in.PolicyName)
	}
	parsed, err := policy.ParseIdentity(in.PolicyDocument)
	if err != nil {
		return nil, malformed(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.role(in.RoleName)
	if err != nil {
		return nil, err
	}
	r.policies[in.PolicyName] = inline{in.PolicyDocument, parsed}
	s.keep(r)
	return &Empty{}, nil
}

// RolePolicyInput names an inline policy.
type RolePolicyInput struct{ RoleName, PolicyName string }

func (in *RolePolicyInput) role() string { return in.RoleName }

// GetRolePolicyOutput is an inline policy. The document is URL-encoded.
type GetRolePolicyOutput struct{ RoleName, PolicyName, PolicyDocument string }

// GetRolePolicy returns an inline policy.
func (s *Service) GetRolePolicy(_ context.Context, in *RolePolicyInput) (*GetRolePolicyOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	r, err := s.withPolicy(in)
	if err != nil {
		return nil, err
	}
	return &GetRolePolicyOutput{in.RoleName, in.PolicyName, encode(r.policies[in.PolicyName].text)}, nil
}

// DeleteRolePolicy deletes an inline policy.
func (s *Service) DeleteRolePolicy(_ context.Context, in *RolePolicyInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.withPolicy(in)
	if err != nil {
		return nil, err
	}
	delete(r.policies, in.PolicyName)
	s.keep(r)
	return &Empty{}, nil
}

// withPolicy returns the role of an existing inline policy. The caller holds the mutex.
func (s *Service) withPolicy(in *RolePolicyInput) (*role, error) {
	r, err := s.role(in.RoleName)
	if err != nil {
		return nil, err
	}
	if _, has := r.policies[in.PolicyName]; !has {
		return nil, missing("The role policy with name %s cannot be found.", in.PolicyName)
	}
	return r, nil
}

// ListRolePoliciesInput names a role. All its policies fit on one page.
type ListRolePoliciesInput struct {
	RoleName string
	Marker   string
	MaxItems int
}

func (in *ListRolePoliciesInput) role() string { return in.RoleName }

// ListRolePoliciesOutput holds the names of a role's inline policies.
type ListRolePoliciesOutput struct {
	PolicyNames []string
	IsTruncated bool
}

// ListRolePolicies lists a role's inline policies.
func (s *Service) ListRolePolicies(_ context.Context, in *ListRolePoliciesInput) (*ListRolePoliciesOutput, error) {
	if err := firstPage(in.Marker); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	r, err := s.role(in.RoleName)
	if err != nil {
		return nil, err
	}
	return &ListRolePoliciesOutput{PolicyNames: slices.Sorted(maps.Keys(r.policies))}, nil
}
