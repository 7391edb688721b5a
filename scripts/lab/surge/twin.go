package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/events"
	"example.com/troupe/scripts/internal/build"
	"example.com/troupe/scripts/internal/topology"
	"example.com/troupe/scripts/internal/trace"
	"example.com/troupe/scripts/internal/workers"
)

// twin is a second instance of the worker without a queue: the same binary, which receives events over HTTP.
type twin struct {
	process *workers.Process
	address string // host:port
}

// startTwin starts the twin.
func (t *theatre) startTwin(ctx context.Context, root string) (*twin, error) {
	env, err := t.environment(ctx)
	if err != nil {
		return nil, err
	}
	name := t.about.service.Name
	steps := &trace.Collector{Forget: true, OnStep: func(s events.Step) { t.ledger.step(&t.ledger.webhook, s) }}
	process, err := workers.Start(workers.Spec{Name: name + " without a queue", Path: build.Builder{Dir: filepath.Join(root, ".troupe", "bin")}.Path(name), Dir: t.dir, Env: env, Line: steps.Line})
	if err != nil {
		return nil, err
	}
	address, err := process.Ready(ctx)
	if err != nil {
		process.Kill()
		return nil, err
	}
	return &twin{process, address}, nil
}

// environment returns the worker's environment, except for what distinguishes the twin.
func (t *theatre) environment(ctx context.Context) ([]string, error) {
	cfg := t.stack.Config()
	key, err := cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, fmt.Errorf("the twin's credentials: %w", err)
	}
	all := t.stack.Topology().Services
	service := all[slices.IndexFunc(all, func(s topology.Service) bool { return s.Name == t.about.service.Name })]
	queue, err := sqs.NewFromConfig(cfg).GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &service.Queue.Name})
	if err != nil {
		return nil, fmt.Errorf("find the worker's queue: %w", err)
	}
	variables := maps.Clone(service.Environment)
	maps.Copy(variables, map[string]string{
		"AWS_ENDPOINT_URL": t.stack.Endpoint, "AWS_REGION": cfg.Region,
		"AWS_ACCESS_KEY_ID": key.AccessKeyID, "AWS_SECRET_ACCESS_KEY": key.SecretAccessKey, "AWS_SESSION_TOKEN": key.SessionToken,
		"DIRECT_HTTP_ADDR": "127.0.0.1:0", "HTTP_ADDR": "127.0.0.1:0",
		"QUEUE_URL": aws.ToString(queue.QueueUrl), // for reminders
		"PATH":      os.Getenv("PATH"), "HOME": os.Getenv("HOME"),
	})
	if t.about.sql() {
		variables["DATABASE_URL"] = "sqlite://" + t.database(behindWebhook)
	}
	if service.Table != nil {
		if variables["TABLE_NAME"], err = secondTable(ctx, dynamodb.NewFromConfig(cfg), *service.Table); err != nil {
			return nil, err
		}
	}
	var env []string
	for name, value := range variables {
		env = append(env, name+"="+value)
	}
	return env, nil
}

// secondTable creates a table like the worker's and returns its name.
func secondTable(ctx context.Context, client *dynamodb.Client, t topology.Table) (string, error) {
	name := t.Name + "-" + behindWebhook
	_, err := client.CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName: &name, BillingMode: types.BillingModePayPerRequest,
		KeySchema:            []types.KeySchemaElement{{AttributeName: &t.HashKey, KeyType: types.KeyTypeHash}},
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: &t.HashKey, AttributeType: types.ScalarAttributeTypeS}},
	})
	if err != nil {
		return "", fmt.Errorf("create the twin's table: %w", err)
	}
	return name, nil
}
