package iam

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"example.com/localcloud/policy"
	"example.com/localcloud/wire"
)

// The range and the default of a role's maximum session duration, in seconds (CreateRole's reference).
const (
	minSession = 900
	defSession = 3600
	maxSession = 43200
)

var roleName = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)

// role is a role with its policies. The service's mutex guards it.
type role struct {
	Role
	trust    policy.Document
	policies map[string]inline
}

type inline struct {
	text   string
	parsed policy.Document
}

// Tag is a tag of a role.
type Tag struct{ Key, Value string }

// Role describes a role. As on AWS, the trust policy is URL-encoded.
type Role struct {
	Path                     string
	RoleName                 string
	RoleId                   string
	Arn                      string
	CreateDate               time.Time
	AssumeRolePolicyDocument string
	Description              string
	MaxSessionDuration       int
	Tags                     []Tag
}

// CreateRoleInput describes a new role.
type CreateRoleInput struct {
	RoleName                 string
	Path                     string
	AssumeRolePolicyDocument string
	Description              string
	MaxSessionDuration       int // seconds; 0 means one hour
	Tags                     []Tag
}

// RoleOutput is a role.
type RoleOutput struct{ Role Role }

// CreateRole creates a role without policies.
func (s *Service) CreateRole(_ context.Context, in *CreateRoleInput) (*RoleOutput, error) {
	r, err := in.newRole()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.roles[in.RoleName] != nil {
		return nil, &wire.Error{Code: "EntityAlreadyExists", Message: "Role with name " + in.RoleName + " already exists.", Status: http.StatusConflict}
	}
	s.roles[in.RoleName] = r
	s.keep(r)
	return &RoleOutput{r.Role}, nil
}

func (in *CreateRoleInput) newRole() (*role, error) {
	if !roleName.MatchString(in.RoleName) {
		return nil, wire.Errorf("ValidationError", "roleName must have 1 to 64 letters, digits and +=,.@-_ but is %.100q", in.RoleName)
	}
	if in.Path == "" {
		in.Path = "/"
	}
	if !strings.HasPrefix(in.Path, "/") || !strings.HasSuffix(in.Path, "/") {
		return nil, wire.Errorf("ValidationError", "path must begin and end with /")
	}
	if in.MaxSessionDuration == 0 {
		in.MaxSessionDuration = defSession
	}
	if in.MaxSessionDuration < defSession || in.MaxSessionDuration > maxSession {
		return nil, wire.Errorf("ValidationError", "maxSessionDuration must be %d to %d seconds", defSession, maxSession)
	}
	trust, err := policy.ParseTrust(in.AssumeRolePolicyDocument)
	if err != nil {
		return nil, malformed(err)
	}
	return &role{trust: trust, policies: map[string]inline{}, Role: Role{
		Path:                     in.Path,
		RoleName:                 in.RoleName,
		RoleId:                   newID("AROA"),
		Arn:                      roleARN(in.Path, in.RoleName),
		CreateDate:               time.Now(),
		AssumeRolePolicyDocument: encode(in.AssumeRolePolicyDocument),
		Description:              in.Description,
		MaxSessionDuration:       in.MaxSessionDuration,
		Tags:                     in.Tags,
	}}, nil
}

// encode escapes a policy according to RFC 3986, where a space becomes %20.
func encode(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }

// RoleInput names a role.
type RoleInput struct{ RoleName string }

func (in *RoleInput) role() string { return in.RoleName }

// GetRole describes a role.
func (s *Service) GetRole(_ context.Context, in *RoleInput) (*RoleOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	r, err := s.role(in.RoleName)
	if err != nil {
		return nil, err
	}
	return &RoleOutput{r.Role}, nil
}

// DeleteRole deletes a role, which must have no policies. Its credentials allow nothing from then on.
func (s *Service) DeleteRole(_ context.Context, in *RoleInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.role(in.RoleName)
	if err != nil {
		return nil, err
	}
	if len(r.policies) > 0 {
		return nil, &wire.Error{Code: "DeleteConflict", Message: "Cannot delete entity, must delete policies first.", Status: http.StatusConflict}
	}
	delete(s.roles, in.RoleName)
	s.journal.Delete(kindRole, in.RoleName)
	return &Empty{}, nil
}

// ListRolesInput selects the roles under a path. MaxItems is ignored, because all roles fit on one page.
type ListRolesInput struct {
	PathPrefix string
	Marker     string
	MaxItems   int
}

func (in *ListRolesInput) role() string { return "*" }

// ListRolesOutput holds roles in order of name.
type ListRolesOutput struct {
	Roles       []Role
	IsTruncated bool
}

// ListRoles lists the roles of the account.
func (s *Service) ListRoles(_ context.Context, in *ListRolesInput) (*ListRolesOutput, error) {
	if err := firstPage(in.Marker); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := &ListRolesOutput{}
	for _, name := range slices.Sorted(maps.Keys(s.roles)) {
		if r := s.roles[name]; strings.HasPrefix(r.Path, in.PathPrefix) {
			out.Roles = append(out.Roles, r.Role)
		}
	}
	return out, nil
}

// firstPage refuses a marker. There is only one page, so none was issued.
func firstPage(marker string) error {
	if marker != "" {
		return wire.Errorf("ValidationError", "Invalid Marker: %.200q", marker)
	}
	return nil
}

// UpdateAssumeRolePolicyInput changes who may assume a role.
type UpdateAssumeRolePolicyInput struct{ RoleName, PolicyDocument string }

func (in *UpdateAssumeRolePolicyInput) role() string { return in.RoleName }

// UpdateAssumeRolePolicy replaces a role's trust policy.
func (s *Service) UpdateAssumeRolePolicy(_ context.Context, in *UpdateAssumeRolePolicyInput) (*Empty, error) {
	trust, err := policy.ParseTrust(in.PolicyDocument)
	if err != nil {
		return nil, malformed(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.role(in.RoleName)
	if err != nil {
		return nil, err
	}
	r.trust, r.AssumeRolePolicyDocument = trust, encode(in.PolicyDocument)
	s.keep(r)
	return &Empty{}, nil
}

// role returns a role. The caller holds the mutex.
func (s *Service) role(name string) (*role, error) {
	if r := s.roles[name]; r != nil {
		return r, nil
	}
	return nil, missing("The role with name %s cannot be found.", name)
}
