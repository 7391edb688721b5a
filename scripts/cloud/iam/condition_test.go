package iam_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// put sets the only policy of a role to one statement.
func (a *account) put(t *testing.T, statement string) error {
	t.Helper()
	_, err := a.iam("test").PutRolePolicy(t.Context(), &awsiam.PutRolePolicyInput{
		RoleName: aws.String("jobs"), PolicyName: aws.String("jobs"), PolicyDocument: aws.String(`{"Statement": ` + statement + `}`)})
	return err
}

// session returns the access key of a new session of the role.
func (a *account) session(t *testing.T) string {
	t.Helper()
	out, err := a.sts("test").AssumeRole(t.Context(), &sts.AssumeRoleInput{RoleArn: aws.String(roleARN), RoleSessionName: aws.String("me")})
	if err != nil {
		t.Fatal(err)
	}
	return *out.Credentials.AccessKeyId
}

// TestConditionsOnTheCaller holds conditions to the values that AWS gives a session of a role (IAM user guide, "AWS
// global condition context keys").
func TestConditionsOnTheCaller(t *testing.T) {
	a := newAccount(t)
	a.createRole(t)
	client := a.iam(a.session(t))
	may := func(condition string) bool {
		t.Helper()
		if err := a.put(t, `{"Effect": "Allow", "Action": "iam:GetRole", "Resource": "*", "Condition": `+condition+`}`); err != nil {
			t.Fatal(err)
		}
		_, err := client.GetRole(t.Context(), &awsiam.GetRoleInput{RoleName: aws.String("jobs")})
		if err != nil {
			wantCode(t, err, "AccessDenied")
		}
		return err == nil
	}
	for condition, want := range map[string]bool{
		`{"Bool": {"aws:SecureTransport": "true"}}`:                                 true,
		`{"Bool": {"aws:SecureTransport": "false"}}`:                                false,
		`{"StringEquals": {"aws:RequestedRegion": "us-east-1"}}`:                    true,
		`{"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}`:                    false,
		`{"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}`:             false,
		`{"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}`:                            true,
		`{"NotIpAddress": {"aws:SourceIp": "127.0.0.0/8"}}`:                         false,
		`{"ArnEquals": {"aws:PrincipalArn": "` + roleARN + `"}}`:                    true,
		`{"ArnNotEquals": {"aws:PrincipalArn": "` + roleARN + `"}}`:                 false,
		`{"StringEquals": {"aws:PrincipalAccount": "000000000000"}}`:                true,
		`{"StringEquals": {"aws:PrincipalType": "AssumedRole"}}`:                    true,
		`{"StringLike": {"aws:userid": "AROA*:me"}}`:                                true,
		`{"Bool": {"aws:MultiFactorAuthPresent": "true"}}`:                          false,
		`{"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}`:                 true,
		`{"Bool": {"aws:PrincipalIsAWSService": "false"}}`:                          true,
		`{"Null": {"aws:SourceArn": "true", "aws:username": "true"}}`:               true,
		`{"ForAllValues:StringEquals": {"aws:PrincipalAccount": ["999999999999"]}}`: false,
	} {
		if got := may(condition); got != want {
			t.Errorf("%s: allowed is %v, want %v", condition, got, want)
		}
	}
}

// TestRolesWithPaths holds the permissions for a role to its ARN, which has the role's path.
func TestRolesWithPaths(t *testing.T) {
	a, ctx := newAccount(t), t.Context()
	a.createRole(t)
	client := a.iam(a.session(t))
	if err := a.put(t, `{"Effect": "Allow", "Action": "iam:*", "Resource": "arn:aws:iam::000000000000:role/team/*"}`); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"/team/": "", "/": "AccessDenied", "/others/": "AccessDenied"} {
		name := "in" + strings.ReplaceAll(path, "/", "-")
		_, err := client.CreateRole(ctx, &awsiam.CreateRoleInput{RoleName: &name, Path: &path, AssumeRolePolicyDocument: aws.String(trust)})
		if want == "" && err != nil {
			t.Errorf("a role in %s: %v", path, err)
		} else if want != "" {
			wantCode(t, err, want)
		}
	}
	if _, err := client.GetRole(ctx, &awsiam.GetRoleInput{RoleName: aws.String("in-team-")}); err != nil {
		t.Error(err)
	}
	_, err := client.GetRole(ctx, &awsiam.GetRoleInput{RoleName: aws.String("jobs")})
	wantCode(t, err, "AccessDenied")
}

// TestPoliciesThatAreRefused holds what takes a policy to refusing it, and its error to the reason: see policy's tests for
// all reasons.
func TestPoliciesThatAreRefused(t *testing.T) {
	a := newAccount(t)
	a.createRole(t)
	for statement, names := range map[string]string{
		`{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"ForAllValues:StringEquals": {"kms:ViaService": ["sqs"]}}}`:      "kms:ViaService",
		`{"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"BinaryEquals": {"aws:SourceArn": "eA=="}}}`:                      "BinaryEquals",
		`{"Effect": "Allow", "Action": "SendMessage", "Resource": "*"}`:                                                                     "SendMessage",
		`{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "jobs"}`:                                                              "jobs",
		`[{"Sid": "a", "Effect": "Allow", "Action": "*", "Resource": "*"}, {"Sid": "a", "Effect": "Deny", "Action": "*", "Resource": "*"}]`: `"a"`,
	} {
		err := a.put(t, statement)
		wantCode(t, err, "MalformedPolicyDocument")
		if err == nil || !strings.Contains(err.Error(), names) {
			t.Errorf("the error does not name %s: %v", names, err)
		}
	}
	document := aws.String(`{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole", "Resource": "*"}}`)
	_, err := a.iam("test").UpdateAssumeRolePolicy(t.Context(), &awsiam.UpdateAssumeRolePolicyInput{RoleName: aws.String("jobs"), PolicyDocument: document})
	wantCode(t, err, "MalformedPolicyDocument")
	_, err = a.iam("test").CreateRole(t.Context(), &awsiam.CreateRoleInput{RoleName: aws.String("other"), AssumeRolePolicyDocument: document})
	wantCode(t, err, "MalformedPolicyDocument")
	_, err = a.iam("test").PutRolePolicy(t.Context(), &awsiam.PutRolePolicyInput{RoleName: aws.String("jobs"), PolicyName: aws.String("no spaces"),
		PolicyDocument: aws.String(`{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`)})
	wantCode(t, err, "ValidationError")
	_, err = a.iam("test").ListRoles(t.Context(), &awsiam.ListRolesInput{Marker: aws.String("b")})
	wantCode(t, err, "ValidationError")
	_, err = a.iam("test").ListRolePolicies(t.Context(), &awsiam.ListRolePoliciesInput{RoleName: aws.String("jobs"), Marker: aws.String("b")})
	wantCode(t, err, "ValidationError")
}

// TestTrust holds who may assume a role to its trust policy: the session of a role that it names, with the external id
// that it asks for (IAM user guide, "Access to AWS accounts owned by third parties").
func TestTrust(t *testing.T) {
	a, ctx := newAccount(t), t.Context()
	a.createRole(t)
	key := a.session(t)
	if err := a.put(t, `{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "arn:aws:iam::000000000000:role/*", "Condition": {"StringEquals": {"sts:RoleSessionName": "me"}}}`); err != nil {
		t.Fatal(err)
	}
	assume := func(name, session, id string) error {
		_, err := a.sts(key).AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::000000000000:role/" + name), RoleSessionName: &session, ExternalId: &id})
		return err
	}
	for name, principal := range map[string]string{"mine": roleARN, "others": roleARN + "2"} {
		_, err := a.iam("test").CreateRole(ctx, &awsiam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: aws.String(
			`{"Statement": {"Effect": "Allow", "Principal": {"AWS": "` + principal + `"}, "Action": "sts:AssumeRole", "Condition": {"StringEquals": {"sts:ExternalId": "42"}}}}`)})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := assume("mine", "me", "42"); err != nil {
		t.Error(err)
	}
	wantCode(t, assume("mine", "me", "43"), "AccessDenied")
	wantCode(t, assume("mine", "you", "42"), "AccessDenied")
	wantCode(t, assume("others", "me", "42"), "AccessDenied")
	_, err := a.sts("test").AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::999999999999:role/mine"), RoleSessionName: aws.String("me")})
	wantCode(t, err, "AccessDenied") // a role of another account
}
