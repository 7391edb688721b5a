package iam

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"
	"time"

	"example.com/localcloud/policy"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

// keyPrefix is the prefix of the access keys of temporary credentials. It starts as on AWS and marks the keys of a
// local cloud, so that a key that is no longer known is not taken for root's.
const keyPrefix = "ASIALOCAL"

// Credentials are temporary credentials for a role.
type Credentials struct {
	AccessKeyId     string
	SecretAccessKey string
	SessionToken    string
	Expiration      time.Time // zero for credentials that last until they are revoked
}

// session is an assumed role. It implements wire.Caller.
type session struct {
	service *Service
	role    *role
	id      string // "AROA…:name"
	arn     string
	expires time.Time
	from    string // address of the caller, "" within the cloud
}

// Issue issues credentials for a role to an AWS service, such as "lambda.amazonaws.com", that the role trusts. They
// last until they are revoked.
func (s *Service) Issue(service, roleARN, name string) (Credentials, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.byARN(roleARN)
	if err != nil {
		return Credentials{}, err
	}
	if !r.trusts(policy.Request{Principal: service}) {
		return Credentials{}, wire.Errorf("AccessDenied", "the trust policy of %s does not let %s assume it", roleARN, service)
	}
	return s.issue(r, name, time.Time{}), nil
}

// Assume returns the caller that an AWS service is when it acts for a role that trusts it, because of a resource of its
// own. source is the ARN of that resource (IAM user guide, "The confused deputy problem").
func (s *Service) Assume(service, source, roleARN, name string) (wire.Caller, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	r, err := s.byARN(roleARN)
	if err != nil {
		return nil, err
	}
	context := map[string][]string{"aws:SourceArn": {source}, "aws:SourceAccount": {wire.Account}}
	if !r.trusts(policy.Request{Principal: service, Context: context}) {
		return nil, wire.Errorf("AccessDenied", "the trust policy of %s does not let %s assume it for %s", roleARN, service, source)
	}
	return s.session(r, name, time.Time{}), nil
}

// Revoke revokes credentials.
func (s *Service) Revoke(c Credentials) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, c.AccessKeyId)
}

// Caller returns the caller that an access key belongs to, for a request from an IP address. The address is "" for
// requests that the cloud makes itself.
func (s *Service) Caller(accessKeyID, from string) (wire.Caller, error) {
	if !strings.HasPrefix(accessKeyID, keyPrefix) {
		return wire.CallerOf(context.Background()), nil // root
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	known := s.sessions[accessKeyID]
	if known == nil {
		return nil, &wire.Error{Code: "UnrecognizedClientException", QueryCode: "InvalidClientTokenId", Status: http.StatusForbidden,
			Message: "The security token included in the request is invalid."}
	}
	if known.expired() {
		return nil, &wire.Error{Code: "ExpiredTokenException", QueryCode: "ExpiredToken", Status: http.StatusForbidden,
			Message: "The security token included in the request is expired"}
	}
	here := *known
	here.from = from
	return &here, nil
}

// byARN returns a role. The caller holds the mutex.
func (s *Service) byARN(arn string) (*role, error) {
	r := s.roles[arn[strings.LastIndex(arn, "/")+1:]]
	if r == nil || r.Arn != arn {
		return nil, missing("The role %s cannot be found.", arn)
	}
	return r, nil
}

// issue creates a session of a role. The caller holds the mutex.
func (s *Service) issue(r *role, name string, expires time.Time) Credentials {
	key := newID(keyPrefix)
	s.sweep()
	s.sessions[key] = s.session(r, name, expires)
	s.keepSession(key, s.sessions[key])
	return Credentials{key, rand.Text(), rand.Text(), expires}
}

func (s *Service) session(r *role, name string, expires time.Time) *session {
	return &session{
		service: s, role: r, expires: expires,
		id:  r.RoleId + ":" + name,
		arn: "arn:aws:sts::" + wire.Account + ":assumed-role/" + r.RoleName + "/" + name,
	}
}

// sweep removes expired sessions, so that they do not accumulate.
func (s *Service) sweep() {
	for key, known := range s.sessions {
		if known.expired() {
			delete(s.sessions, key)
			s.journal.Delete(kindSession, key)
		}
	}
}

func newID(prefix string) string { return prefix + rand.Text()[:16] }

func (c *session) expired() bool { return !c.expires.IsZero() && time.Now().After(c.expires) }

func (c *session) ARN() string { return c.arn }
func (c *session) Root() bool  { return false }

// Allowed evaluates the role's current policies.
func (c *session) Allowed(a wire.Access) bool {
	if policy.Allows(policy.Request{Action: a.Action, Resource: a.Resource, Context: a.Context, Caller: c.key}, c.policies()...) {
		return true
	}
	c.service.tap.Tell(tap.Hop{Kind: tap.Denied, Resource: a.Resource, From: c.arn, Note: a.Action})
	return false
}

// key returns the value of a condition key that depends on the caller (IAM user guide, "AWS global condition context
// keys"). Other keys have none.
func (c *session) key(name string) []string {
	switch name {
	case "aws:principalarn":
		return []string{c.role.Arn}
	case "aws:principalaccount":
		return []string{wire.Account}
	case "aws:principaltype":
		return []string{"AssumedRole"}
	case "aws:userid":
		return []string{c.id}
	case "aws:multifactorauthpresent":
		return []string{"false"}
	case "aws:sourceip":
		if c.from != "" {
			return []string{c.from}
		}
	}
	return nil
}

func (c *session) policies() []policy.Document {
	c.service.mu.RLock()
	defer c.service.mu.RUnlock()
	documents := make([]policy.Document, 0, len(c.role.policies))
	for _, p := range c.role.policies {
		documents = append(documents, p.parsed)
	}
	return documents
}
