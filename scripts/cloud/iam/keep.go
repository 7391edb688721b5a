package iam

import (
	"net/url"
	"time"

	"example.com/localcloud/journal"
	"example.com/localcloud/policy"
)

// The kinds of journal entries. Credentials issued to an AWS service are not saved, because they end with the process
// that received them.
const (
	kindRole    = "iam/role"    // by name
	kindSession = "iam/session" // by access key id
)

type roleEntry struct {
	Role
	Policies map[string]string
}

// keep saves a role. The caller holds the mutex.
func (s *Service) keep(r *role) {
	entry := roleEntry{r.Role, map[string]string{}}
	for name, p := range r.policies {
		entry.Policies[name] = p.text
	}
	s.journal.Put(kindRole, r.RoleName, entry)
}

type sessionEntry struct {
	RoleName, ID, ARN string
	Expires           time.Time
}

func (s *Service) keepSession(key string, c *session) {
	if !c.expires.IsZero() {
		s.journal.Put(kindSession, key, sessionEntry{c.role.RoleName, c.id, c.arn, c.expires})
	}
}

// Restore loads the state from a journal and saves every later change there. Call it once, before anything else.
func (s *Service) Restore(j *journal.Journal) error {
	s.journal = j
	if err := journal.Load(j, kindRole, s.restoreRole); err != nil {
		return err
	}
	return journal.Load(j, kindSession, func(key string, e sessionEntry) error {
		if r := s.roles[e.RoleName]; r != nil {
			s.sessions[key] = &session{service: s, role: r, id: e.ID, arn: e.ARN, expires: e.Expires}
		} else {
			j.Delete(kindSession, key)
		}
		return nil
	})
}

func (s *Service) restoreRole(name string, e roleEntry) (err error) {
	r := &role{Role: e.Role, policies: map[string]inline{}}
	s.roles[name] = r
	trust, err := url.PathUnescape(e.AssumeRolePolicyDocument)
	if err != nil {
		return err
	}
	if r.trust, err = policy.ParseTrust(trust); err != nil {
		return err
	}
	for name, text := range e.Policies {
		parsed, err := policy.ParseIdentity(text)
		if err != nil {
			return err
		}
		r.policies[name] = inline{text, parsed}
	}
	return nil
}
