package eventbridge

import (
	"context"
	"regexp"
	"slices"

	documents "example.com/localcloud/policy"
	"example.com/localcloud/wire"
)

// PutPermissionInput is a whole policy, or the parts of one statement.
type PutPermissionInput struct {
	EventBusName string
	Policy       string
	Action       string
	Principal    string
	StatementId  string
}

func (in *PutPermissionInput) arn() string { return busARN(in.EventBusName) }

// PutPermission sets a bus's policy, or one statement of it.
func (s *Service) PutPermission(_ context.Context, in *PutPermissionInput) (*Nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, err := s.bus(in.EventBusName)
	if err != nil {
		return nil, err
	}
	if in.Policy != "" {
		if in.StatementId+in.Principal+in.Action != "" {
			return nil, validation("PutPermission takes either Policy, or StatementId, Principal and Action.")
		}
		p := &policy{}
		err := wire.DecodeDocument(in.Policy, p)
		if err == nil {
			_, err = documents.Parse(in.Policy)
		}
		if err != nil {
			return nil, validation("Policy is not valid: %v", err)
		}
		b.policy, b.modified = p, now()
		s.keepBus(b)
		return &Nothing{}, nil
	}
	if in.StatementId == "" || !principalForm.MatchString(in.Principal) || in.Action != "events:PutEvents" {
		return nil, validation("PutPermission requires Policy, or StatementId, Principal (an account or *) and the Action events:PutEvents.")
	}
	b.permit(statement{in.StatementId, "Allow", principal(in.Principal), in.Action, b.arn, nil})
	s.keepBus(b)
	return &Nothing{}, nil
}

var principalForm = regexp.MustCompile(`^(\d{12}|\*)$`)

func principal(account string) any {
	if account == "*" {
		return account
	}
	return map[string]string{"AWS": "arn:aws:iam::" + account + ":root"}
}

func (b *bus) permit(st statement) {
	kept := b.without(st.Sid)
	b.policy, b.modified = &policy{"2012-10-17", append(kept, st)}, now()
}

// without returns the policy's statements except the one with the given id.
func (b *bus) without(sid string) []statement {
	if b.policy == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(b.policy.Statement), func(st statement) bool { return st.Sid == sid })
}

// RemovePermissionInput names the statement to remove.
type RemovePermissionInput struct {
	EventBusName         string
	StatementId          string
	RemoveAllPermissions bool
}

func (in *RemovePermissionInput) arn() string { return busARN(in.EventBusName) }

// RemovePermission removes one statement of a bus's policy, or all.
func (s *Service) RemovePermission(_ context.Context, in *RemovePermissionInput) (*Nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, err := s.bus(in.EventBusName)
	if err != nil {
		return nil, err
	}
	if in.RemoveAllPermissions == (in.StatementId != "") {
		return nil, validation("RemovePermission takes either StatementId or RemoveAllPermissions.")
	}
	if in.RemoveAllPermissions {
		b.policy, b.modified = nil, now()
		s.keepBus(b)
		return &Nothing{}, nil
	}
	kept := b.without(in.StatementId)
	if b.policy == nil || len(kept) == len(b.policy.Statement) {
		return nil, &wire.Error{Code: "ResourceNotFoundException", Message: "Statement with the provided id does not exist."}
	}
	b.policy, b.modified = &policy{b.policy.Version, kept}, now()
	s.keepBus(b)
	return &Nothing{}, nil
}
