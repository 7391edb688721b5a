package target

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"example.com/troupe/scripts/internal/endpoint"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/topology"
)

// NotRunningError reports that no troupe runs at an endpoint.
type NotRunningError struct {
	Endpoint string
	Err      error
}

func (e *NotRunningError) Error() string {
	return fmt.Sprintf("no troupe runs at %s: start one with make up (%v)", e.Endpoint, e.Err)
}

// Unwrap returns the error of the endpoint or the system.
func (e *NotRunningError) Unwrap() error { return e.Err }

// Local finds the troupe that make up started at an endpoint, by the names of its resources. If there is none, it
// returns a *NotRunningError.
func Local(ctx context.Context, declared *stack.Declared, url string) (*Target, error) {
	if err := endpoint.Reachable(ctx, url); err != nil {
		return nil, &NotRunningError{Endpoint: url, Err: err}
	}
	t := &Target{Config: endpoint.At(url), Queues: map[string]Queues{}, Rules: map[string]Rules{}}
	names := topology.Names{Project: stack.Project, Env: stack.Env}
	bus, err := eventbridge.NewFromConfig(t.Config).DescribeEventBus(ctx, &eventbridge.DescribeEventBusInput{Name: aws.String(names.Prefix())})
	if err != nil {
		return nil, &NotRunningError{Endpoint: url, Err: err}
	}
	name, err := arn.Parse(aws.ToString(bus.Arn))
	if err != nil {
		return nil, fmt.Errorf("parse the ARN of the bus: %w", err)
	}
	names.Region, names.Account = name.Region, name.AccountID
	wired, err := declared.Topology(names, nil)
	if err != nil {
		return nil, err
	}
	t.Tables = tables(declared, names.Prefix())
	t.BusName, t.TopicARNPrefix = wired.Bus, names.ARN("sns", names.Prefix()+"-")
	t.Outsiders = wired.Outsiders
	t.Archive, t.Journal, t.LogGroups = wired.Archive.ARN, wired.Journal.LogGroup, []string{wired.Journal.LogGroup}
	return t, t.find(ctx, wired)
}

// find gets the URLs of the queues.
func (t *Target) find(ctx context.Context, wired *topology.Topology) error {
	client := sqs.NewFromConfig(t.Config)
	for _, service := range wired.Services {
		t.LogGroups = append(t.LogGroups, service.LogGroup)
		t.Rules[service.Name] = Rules{}
		for _, rule := range service.Rules {
			t.Rules[service.Name][rule.Event] = rule.ARN
		}
		var urls Queues
		for queue, url := range map[*topology.Queue]*string{
			service.Queue: &urls.Main, service.DeadLetters: &urls.DeadLetter, service.Undelivered: &urls.Undelivered,
		} {
			if queue == nil {
				continue
			}
			found, err := client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &queue.Name})
			if err != nil {
				return fmt.Errorf("find queue %s (is make up running with another checkout?): %w", queue.Name, err)
			}
			*url = aws.ToString(found.QueueUrl)
		}
		if service.Queue != nil {
			t.Queues[service.Name] = urls
		}
	}
	return nil
}
