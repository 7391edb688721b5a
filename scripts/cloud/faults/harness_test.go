package faults_test

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"example.com/localcloud"
	"example.com/localcloud/faults"
)

// world is a cloud with faults and clients of the SDK.
type world struct {
	*cloud.Server
	t   *testing.T
	cfg aws.Config // for root, without retries
}

func newWorld(t *testing.T) *world {
	t.Helper()
	s, err := cloud.Start(cloud.Options{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return &world{s, t, aws.Config{
		Region: "us-east-1", BaseEndpoint: &s.Endpoint, Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""), RetryMaxAttempts: 1,
	}}
}

func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// put adds a fault, which must be valid.
func (w *world) put(f faults.Fault) {
	w.t.Helper()
	must(w.Faults.PutFault(w.t.Context(), &f))(w.t)
}

// strikes returns how often a fault has struck.
func (w *world) strikes(id string) int {
	w.t.Helper()
	for _, f := range must(w.Faults.ListFaults(w.t.Context(), nil))(w.t).Faults {
		if f.Id == id {
			return f.Strikes
		}
	}
	w.t.Fatalf("there is no fault %s", id)
	return 0
}

// as returns a configuration for the calls of a role that may do everything with queues.
func (w *world) as(role string) aws.Config {
	w.t.Helper()
	const trust = `{"Statement": {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}}`
	const may = `{"Statement": {"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}}`
	client := iam.NewFromConfig(w.cfg)
	made := must(client.CreateRole(w.t.Context(), &iam.CreateRoleInput{RoleName: &role, AssumeRolePolicyDocument: aws.String(trust)}))(w.t)
	must(client.PutRolePolicy(w.t.Context(), &iam.PutRolePolicyInput{RoleName: &role, PolicyName: aws.String("all"), PolicyDocument: aws.String(may)}))(w.t)
	taken := must(sts.NewFromConfig(w.cfg).AssumeRole(w.t.Context(), &sts.AssumeRoleInput{RoleArn: made.Role.Arn, RoleSessionName: aws.String("one")}))(w.t).Credentials
	cfg := w.cfg.Copy()
	cfg.Credentials = credentials.NewStaticCredentialsProvider(*taken.AccessKeyId, *taken.SecretAccessKey, *taken.SessionToken)
	return cfg
}

// queue creates a queue and returns its URL.
func (w *world) queue(name string, attributes map[string]string) *string {
	w.t.Helper()
	return must(sqs.NewFromConfig(w.cfg).CreateQueue(w.t.Context(), &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes}))(w.t).QueueUrl
}

// holds returns the number of messages that a queue returns.
func (w *world) holds(url *string) int {
	w.t.Helper()
	return len(must(sqs.NewFromConfig(w.cfg).ReceiveMessage(w.t.Context(), &sqs.ReceiveMessageInput{QueueUrl: url, MaxNumberOfMessages: 10}))(w.t).Messages)
}

func send(ctx context.Context, cfg aws.Config, url *string) error {
	_, err := sqs.NewFromConfig(cfg).SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: url, MessageBody: aws.String("hello")})
	return err
}
