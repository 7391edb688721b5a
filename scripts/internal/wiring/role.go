package wiring

import (
	"context"
	"encoding/json"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"example.com/troupe/scripts/internal/topology"
)

// policyName is the name of a role's only policy.
const policyName = "declared-in-service-json"

// role creates a service's role. A worker also gets credentials for it; Lambda assumes the role for a function.
func (w *Wirer) role(ctx context.Context, s topology.Service, made *Service) (err error) {
	if w.WorkersOnly {
		made.Credentials, err = w.cfg.Credentials.Retrieve(ctx)
		return err
	}
	if err := w.putRole(ctx, s.Role); err != nil {
		return making("role", s.Role.Name, err)
	}
	if s.Function != nil {
		return nil
	}
	made.Credentials, err = w.Take(ctx, s.Role)
	return making("credentials of role", s.Role.Name, err)
}

func (w *Wirer) putRole(ctx context.Context, role topology.Role) error {
	trust, err := json.Marshal(role.Trust)
	if err != nil {
		return err
	}
	err = w.calls.iam(ctx, "CreateRole", url.Values{"RoleName": {role.Name}, "AssumeRolePolicyDocument": {string(trust)}})
	if err != nil && !has(err, "EntityAlreadyExists") {
		return err
	}
	policy, err := json.Marshal(role.Policy)
	if err != nil {
		return err
	}
	return w.calls.iam(ctx, "PutRolePolicy", url.Values{"RoleName": {role.Name}, "PolicyName": {policyName}, "PolicyDocument": {string(policy)}})
}

// Take returns credentials with a role's permissions, as ECS gives them to a task.
func (w *Wirer) Take(ctx context.Context, role topology.Role) (aws.Credentials, error) {
	out, err := w.tokens.AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: &role.ARN, RoleSessionName: &role.Name})
	if err != nil {
		return aws.Credentials{}, err
	}
	c := out.Credentials
	return aws.Credentials{
		AccessKeyID: aws.ToString(c.AccessKeyId), SecretAccessKey: aws.ToString(c.SecretAccessKey), SessionToken: aws.ToString(c.SessionToken),
	}, nil
}
