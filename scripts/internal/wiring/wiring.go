// Package wiring creates a topology at an endpoint through the AWS API, with the AWS SDK. It does locally what
// Terraform does on AWS.
//
// It creates what doesn't exist and updates what does, so it can be run again at any time. Shared resources come
// first, then all services concurrently, then the HTTP API.
package wiring

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"golang.org/x/sync/errgroup"

	"example.com/troupe/scripts/internal/topology"
)

// Wirer creates topologies at one endpoint.
type Wirer struct {
	// Code returns the zip of a service's function.
	Code func(service string) ([]byte, error)
	// WorkersOnly skips functions, roles and the HTTP API: every service runs as a worker with the wirer's own
	// credentials. It is for endpoints that offer queues, topics, a bus and tables, but perhaps nothing else.
	WorkersOnly bool

	cfg    aws.Config
	bus    *eventbridge.Client
	topics *sns.Client
	queues *sqs.Client
	tables *dynamodb.Client
	lambda *lambda.Client
	tokens *sts.Client
	logs   *cloudwatchlogs.Client
	calls  caller

	schedules *scheduler.Client
}

// New returns a wirer for the endpoint of a configuration.
func New(cfg aws.Config) *Wirer {
	return &Wirer{
		cfg:    cfg,
		bus:    eventbridge.NewFromConfig(cfg),
		topics: sns.NewFromConfig(cfg),
		queues: sqs.NewFromConfig(cfg),
		tables: dynamodb.NewFromConfig(cfg),
		lambda: lambda.NewFromConfig(cfg),
		tokens: sts.NewFromConfig(cfg),
		logs:   cloudwatchlogs.NewFromConfig(cfg),
		calls:  caller{cfg},

		schedules: scheduler.NewFromConfig(cfg),
	}
}

// Wired is what is only known once the resources exist.
type Wired struct {
	API      string             // ID of the HTTP API, "" if there is none
	Services map[string]Service // by name
}

// Service is what a service's process needs to start.
type Service struct {
	Queue       string            // URL; "" if it subscribes to nothing
	DeadLetters string            // URL
	Undelivered string            // URL
	LogGroup    string            // "" if the endpoint keeps no logs
	Environment map[string]string // without credentials and endpoint
	Credentials aws.Credentials
}

// Wire creates a whole topology, or what the named services need. Its error names the resource that failed.
func (w *Wirer) Wire(ctx context.Context, t *topology.Topology, services ...string) (*Wired, error) {
	if err := w.shared(ctx, t); err != nil {
		return nil, err
	}
	wired, err := w.services(ctx, t, services)
	if err != nil || w.WorkersOnly {
		return wired, err
	}
	if wired.API, err = w.httpAPI(ctx, t, wired.Services); err != nil {
		return nil, fmt.Errorf("wire the HTTP API: %w", err)
	}
	return wired, nil
}

func (w *Wirer) services(ctx context.Context, t *topology.Topology, only []string) (*Wired, error) {
	wired := &Wired{Services: map[string]Service{}}
	var mu sync.Mutex
	group, ctx := errgroup.WithContext(ctx)
	for _, s := range t.Services {
		if len(only) > 0 && !slices.Contains(only, s.Name) {
			continue
		}
		group.Go(func() error {
			made, err := w.service(ctx, t, s)
			if err != nil {
				return fmt.Errorf("wire %s: %w", s.Name, err)
			}
			mu.Lock()
			defer mu.Unlock()
			wired.Services[s.Name] = made
			return nil
		})
	}
	return wired, group.Wait()
}

// shared creates what all services share.
func (w *Wirer) shared(ctx context.Context, t *topology.Topology) error {
	if _, err := w.Bus(ctx, t.Bus); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return w.memory(ctx, t) })
	group.Go(func() error { return w.outside(ctx, t) })
	for _, topic := range t.Topics {
		group.Go(func() error {
			_, err := w.topics.CreateTopic(ctx, &sns.CreateTopicInput{Name: &topic.Name})
			return making("topic", topic.Name, err)
		})
	}
	return group.Wait()
}

// service creates everything that one service needs, in order of dependency.
func (w *Wirer) service(ctx context.Context, t *topology.Topology, s topology.Service) (Service, error) {
	made, err := w.serviceQueues(ctx, s)
	if err != nil {
		return Service{}, err
	}
	steps := []func() error{
		func() error { return w.rules(ctx, t, s) },
		func() error { return w.subscriptions(ctx, s) },
		func() error { return w.table(ctx, s.Table) },
		func() error { return w.logGroup(ctx, s, &made) },
		func() error { return w.role(ctx, s, &made) },
		func() error { return w.scheduling(ctx, t, s) },
		func() error { return w.function(ctx, t, s, made) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return Service{}, err
		}
	}
	return made, nil
}

// making wraps err with the resource that could not be created.
func making(what, name string, err error) error {
	if err != nil {
		return fmt.Errorf("create %s %s: %w", what, name, err)
	}
	return nil
}
