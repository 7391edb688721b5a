package iam

import (
	"context"
	"regexp"
	"time"

	"example.com/localcloud/policy"
	"example.com/localcloud/wire"
)

var sessionName = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`)

// AssumeRoleInput requests credentials for a role.
type AssumeRoleInput struct {
	RoleArn         string
	RoleSessionName string
	DurationSeconds int // 0 means one hour
	ExternalId      string
}

// context returns the condition keys of the request.
func (in *AssumeRoleInput) context() map[string][]string {
	keys := map[string][]string{"sts:RoleSessionName": {in.RoleSessionName}}
	if in.ExternalId != "" {
		keys["sts:ExternalId"] = []string{in.ExternalId}
	}
	return keys
}

// by returns the request to assume a role that a caller other than root makes.
func (in *AssumeRoleInput) by(caller wire.Caller) policy.Request {
	request := policy.Request{Principal: caller.ARN(), Context: in.context()}
	if known, ok := caller.(*session); ok {
		request.Caller = known.key
	}
	return request
}

// AssumeRoleOutput holds credentials and the session that they belong to.
type AssumeRoleOutput struct {
	Credentials     Credentials
	AssumedRoleUser AssumedRoleUser
}

// AssumedRoleUser identifies a session of a role.
type AssumedRoleUser struct{ AssumedRoleId, Arn string }

// AssumeRole issues credentials for a role whose trust policy admits the caller. The account's root user may assume
// any role, because it stands in for whatever issues credentials on AWS, such as ECS.
func (s *Service) AssumeRole(ctx context.Context, in *AssumeRoleInput) (*AssumeRoleOutput, error) {
	if !sessionName.MatchString(in.RoleSessionName) {
		return nil, wire.Errorf("ValidationError", "roleSessionName must have 2 to 64 letters, digits and +=,.@-_ but is %.100q", in.RoleSessionName)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r, err := s.byARN(in.RoleArn)
	caller := wire.CallerOf(ctx)
	if err != nil || !caller.Root() && !r.trusts(in.by(caller)) {
		return nil, &wire.Error{Code: "AccessDenied", Status: 403,
			Message: "User: " + caller.ARN() + " is not authorized to perform: sts:AssumeRole on resource: " + in.RoleArn}
	}
	lifetime, err := in.lifetime(r)
	if err != nil {
		return nil, err
	}
	credentials := s.issue(r, in.RoleSessionName, time.Now().Add(lifetime))
	known := s.sessions[credentials.AccessKeyId]
	return &AssumeRoleOutput{credentials, AssumedRoleUser{known.id, known.arn}}, nil
}

func (in *AssumeRoleInput) lifetime(r *role) (time.Duration, error) {
	seconds := in.DurationSeconds
	if seconds == 0 {
		seconds = defSession
	}
	if seconds < minSession || seconds > r.MaxSessionDuration {
		return 0, wire.Errorf("ValidationError", "durationSeconds must be %d to the role's MaxSessionDuration of %d", minSession, r.MaxSessionDuration)
	}
	return time.Duration(seconds) * time.Second, nil
}

// GetCallerIdentityOutput identifies the caller.
type GetCallerIdentityOutput struct{ UserId, Account, Arn string }

// GetCallerIdentity returns the identity of the caller.
func (s *Service) GetCallerIdentity(ctx context.Context, _ *Empty) (*GetCallerIdentityOutput, error) {
	caller := wire.CallerOf(ctx)
	out := &GetCallerIdentityOutput{UserId: wire.Account, Account: wire.Account, Arn: caller.ARN()}
	if known, ok := caller.(*session); ok {
		out.UserId = known.id
	}
	return out, nil
}
