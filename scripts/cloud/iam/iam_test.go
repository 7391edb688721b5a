package iam_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"example.com/localcloud/iam"
	"example.com/localcloud/tap"
	"example.com/localcloud/wire"
)

const (
	trust   = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}`
	roleARN = "arn:aws:iam::000000000000:role/jobs"
)

// account is IAM and STS over HTTP. Clients choose their access key.
type account struct {
	*iam.Service
	tap tap.Tap
	url string
}

func newAccount(t *testing.T) *account {
	a := &account{}
	a.Service = iam.New(&a.tap)
	iamWire, stsWire := a.Wire(), a.WireSTS()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, scope, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
		parts := strings.Split(scope, "/")
		caller, err := a.Caller(parts[0], "127.0.0.1")
		if err != nil {
			wire.Fail(w, r, parts[3], err)
			return
		}
		handler := http.Handler(iamWire)
		if parts[3] == "sts" {
			handler = stsWire
		}
		handler.ServeHTTP(w, r.WithContext(wire.WithCaller(r.Context(), caller)))
	}))
	t.Cleanup(server.Close)
	a.url = server.URL
	return a
}

func (a *account) iam(key string) *awsiam.Client {
	return awsiam.New(awsiam.Options{Region: "us-east-1", BaseEndpoint: &a.url, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(key, "secret", "")})
}

func (a *account) sts(key string) *sts.Client {
	return sts.New(sts.Options{Region: "us-east-1", BaseEndpoint: &a.url, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(key, "secret", "")})
}

func (a *account) createRole(t *testing.T) {
	t.Helper()
	_, err := a.iam("test").CreateRole(t.Context(), &awsiam.CreateRoleInput{
		RoleName: aws.String("jobs"), AssumeRolePolicyDocument: aws.String(trust),
		Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("blue")}}})
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if e, ok := errors.AsType[smithy.APIError](err); !ok || e.ErrorCode() != code {
		t.Errorf("error is %v, want %s", err, code)
	}
}

func TestRoles(t *testing.T) {
	a, ctx := newAccount(t), t.Context()
	client := a.iam("test")
	a.createRole(t)
	got, err := client.GetRole(ctx, &awsiam.GetRoleInput{RoleName: aws.String("jobs")})
	if err != nil {
		t.Fatal(err)
	}
	document, _ := url.PathUnescape(*got.Role.AssumeRolePolicyDocument)
	if *got.Role.Arn != roleARN || document != trust || *got.Role.Tags[0].Value != "blue" || time.Since(*got.Role.CreateDate) > time.Minute {
		t.Errorf("GetRole: %+v", got.Role)
	}
	list, err := client.ListRoles(ctx, &awsiam.ListRolesInput{})
	if err != nil || len(list.Roles) != 1 {
		t.Errorf("ListRoles: %+v, %v", list, err)
	}
	_, err = client.CreateRole(ctx, &awsiam.CreateRoleInput{RoleName: aws.String("jobs"), AssumeRolePolicyDocument: aws.String(trust)})
	wantCode(t, err, "EntityAlreadyExists")
	_, err = client.CreateRole(ctx, &awsiam.CreateRoleInput{RoleName: aws.String("no spaces"), AssumeRolePolicyDocument: aws.String(trust)})
	wantCode(t, err, "ValidationError")
	_, err = client.CreateRole(ctx, &awsiam.CreateRoleInput{RoleName: aws.String("other"), AssumeRolePolicyDocument: aws.String("{}")})
	wantCode(t, err, "MalformedPolicyDocument")
	_, err = client.GetRole(ctx, &awsiam.GetRoleInput{RoleName: aws.String("other")})
	wantCode(t, err, "NoSuchEntity")
}

func TestPolicies(t *testing.T) {
	a, ctx := newAccount(t), t.Context()
	client := a.iam("test")
	a.createRole(t)
	const document = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}]}`
	name := aws.String("jobs")
	if _, err := client.PutRolePolicy(ctx, &awsiam.PutRolePolicyInput{RoleName: name, PolicyName: name, PolicyDocument: aws.String(document)}); err != nil {
		t.Fatal(err)
	}
	got, err := client.GetRolePolicy(ctx, &awsiam.GetRolePolicyInput{RoleName: name, PolicyName: name})
	if err != nil {
		t.Fatal(err)
	}
	if text, _ := url.PathUnescape(*got.PolicyDocument); text != document {
		t.Errorf("GetRolePolicy: %s", text)
	}
	list, err := client.ListRolePolicies(ctx, &awsiam.ListRolePoliciesInput{RoleName: name})
	if err != nil || len(list.PolicyNames) != 1 {
		t.Errorf("ListRolePolicies: %+v, %v", list, err)
	}
	_, err = client.PutRolePolicy(ctx, &awsiam.PutRolePolicyInput{RoleName: name, PolicyName: name, PolicyDocument: aws.String(trust)})
	wantCode(t, err, "MalformedPolicyDocument")
	_, err = client.DeleteRole(ctx, &awsiam.DeleteRoleInput{RoleName: name})
	wantCode(t, err, "DeleteConflict")
	if _, err := client.DeleteRolePolicy(ctx, &awsiam.DeleteRolePolicyInput{RoleName: name, PolicyName: name}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.DeleteRole(ctx, &awsiam.DeleteRoleInput{RoleName: name}); err != nil {
		t.Fatal(err)
	}
}

func TestAssumeRole(t *testing.T) {
	a, ctx := newAccount(t), t.Context()
	a.createRole(t)
	hops := a.tap.Listen(1)
	defer hops.Close()
	identity := func(key string) string {
		t.Helper()
		out, err := a.sts(key).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
		if err != nil {
			t.Fatal(err)
		}
		return *out.Arn
	}
	if got := identity("test"); got != "arn:aws:iam::000000000000:root" {
		t.Errorf("a key that was not issued is %s", got)
	}
	assume := &sts.AssumeRoleInput{RoleArn: aws.String(roleARN), RoleSessionName: aws.String("me")}
	out, err := a.sts("test").AssumeRole(ctx, assume)
	if err != nil {
		t.Fatal(err)
	}
	key := *out.Credentials.AccessKeyId
	if got := identity(key); got != "arn:aws:sts::000000000000:assumed-role/jobs/me" || got != *out.AssumedRoleUser.Arn {
		t.Errorf("the session is %s", got)
	}
	if left := time.Until(*out.Credentials.Expiration); left < 59*time.Minute || left > time.Hour {
		t.Errorf("the session ends in %v, want an hour", left)
	}
	_, err = a.iam(key).GetRole(ctx, &awsiam.GetRoleInput{RoleName: aws.String("jobs")})
	wantCode(t, err, "AccessDenied")
	if hop := <-hops.C; hop.Kind != tap.Denied || hop.Note != "iam:GetRole" || hop.Resource != roleARN {
		t.Errorf("the tap reported %+v", hop)
	}
	allow(t, a, "iam:GetRole", roleARN)
	if _, err := a.iam(key).GetRole(ctx, &awsiam.GetRoleInput{RoleName: aws.String("jobs")}); err != nil {
		t.Errorf("a new policy takes effect at once: %v", err)
	}
	allow(t, a, "sts:AssumeRole", "*")
	_, err = a.sts(key).AssumeRole(ctx, assume)
	wantCode(t, err, "AccessDenied") // the trust policy allows lambda only
	assume.DurationSeconds = aws.Int32(3601)
	_, err = a.sts("test").AssumeRole(ctx, assume)
	wantCode(t, err, "ValidationError")
}

func allow(t *testing.T, a *account, action, resource string) {
	t.Helper()
	_, err := a.iam("test").PutRolePolicy(t.Context(), &awsiam.PutRolePolicyInput{
		RoleName: aws.String("jobs"), PolicyName: aws.String("allow"),
		PolicyDocument: aws.String(`{"Statement": {"Effect": "Allow", "Action": "` + action + `", "Resource": "` + resource + `"}}`)})
	if err != nil {
		t.Fatal(err)
	}
}

func TestIssue(t *testing.T) {
	a := newAccount(t)
	a.createRole(t)
	if _, err := a.Issue("ecs-tasks.amazonaws.com", roleARN, "jobs"); err == nil {
		t.Error("the role trusts lambda only")
	}
	if _, err := a.Issue("lambda.amazonaws.com", roleARN+"2", "jobs"); err == nil {
		t.Error("there is no such role")
	}
	c, err := a.Issue("lambda.amazonaws.com", roleARN, "jobs")
	if err != nil {
		t.Fatal(err)
	}
	caller, err := a.Caller(c.AccessKeyId, "")
	if err != nil || caller.Root() || caller.Allowed(wire.Access{Action: "sqs:SendMessage", Resource: "*"}) {
		t.Errorf("the function is %v (%v), want a role without permissions", caller, err)
	}
	a.Revoke(c)
	_, err = a.sts(c.AccessKeyId).GetCallerIdentity(context.Background(), &sts.GetCallerIdentityInput{})
	wantCode(t, err, "InvalidClientTokenId")
}

func TestSessionsExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := iam.New(&tap.Tap{})
		if _, err := s.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: "jobs", AssumeRolePolicyDocument: trust}); err != nil {
			t.Fatal(err)
		}
		out, err := s.AssumeRole(t.Context(), &iam.AssumeRoleInput{RoleArn: roleARN, RoleSessionName: "me", DurationSeconds: 900})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(900 * time.Second)
		if _, err := s.Caller(out.Credentials.AccessKeyId, ""); err != nil {
			t.Errorf("the session ends too soon: %v", err)
		}
		time.Sleep(time.Second)
		if _, err := s.Caller(out.Credentials.AccessKeyId, ""); err == nil || wire.AsError(err).Code != "ExpiredTokenException" {
			t.Errorf("error is %v, want an expired token", err)
		}
	})
}
