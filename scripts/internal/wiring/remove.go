package wiring

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"example.com/troupe/scripts/internal/topology"
)

// queueEnds are the suffixes of a service's queues.
var queueEnds = []string{"", "-dlq", "-undelivered"}

// Deleted returns, sorted, the services whose function or queues exist at the endpoint although the topology doesn't
// contain them.
func (w *Wirer) Deleted(ctx context.Context, t *topology.Topology) (services []string, err error) {
	prefix := t.Names.Prefix() + "-"
	found := func(name string) {
		known := slices.ContainsFunc(t.Services, func(s topology.Service) bool { return s.Name == name })
		if !known && !slices.Contains(services, name) {
			services = append(services, name)
		}
	}
	functions := lambda.NewListFunctionsPaginator(w.lambda, &lambda.ListFunctionsInput{})
	for functions.HasMorePages() {
		page, err := functions.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list functions: %w", err)
		}
		for _, function := range page.Functions {
			if name, ours := strings.CutPrefix(aws.ToString(function.FunctionName), prefix); ours {
				found(name)
			}
		}
	}
	var names []string
	queues := sqs.NewListQueuesPaginator(w.queues, &sqs.ListQueuesInput{QueueNamePrefix: &prefix})
	for queues.HasMorePages() {
		page, err := queues.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list queues: %w", err)
		}
		for _, url := range page.QueueUrls {
			names = append(names, url[strings.LastIndexByte(url, '/')+1:])
		}
	}
	for _, name := range names {
		whole := !slices.ContainsFunc(queueEnds, func(end string) bool { return !slices.Contains(names, name+end) })
		if whole { // only our services have three queues with such names
			found(strings.TrimPrefix(name, prefix))
		}
	}
	slices.Sort(services)
	return services, nil
}

// Remove deletes the routes, rules, subscriptions, schedules, functions and queues of services that are not in the topology,
// including the messages in the queues. Tables and log groups stay.
func (w *Wirer) Remove(ctx context.Context, t *topology.Topology, services ...string) error {
	if err := w.removeRoutes(ctx, t); err != nil {
		return err
	}
	for _, service := range services {
		for _, step := range []func(context.Context, *topology.Topology, string) error{
			w.removeRules, w.removeSubscriptions, w.removeScheduling, w.removeFunction, w.removeQueues,
		} {
			if err := step(ctx, t, service); err != nil {
				return fmt.Errorf("remove %s: %w", service, err)
			}
		}
	}
	return nil
}

// removeRoutes deletes the routes of the HTTP API that are not in the topology.
func (w *Wirer) removeRoutes(ctx context.Context, t *topology.Topology) error {
	if w.WorkersOnly {
		return nil
	}
	api, err := w.findAPI(ctx, t.Names.Prefix())
	if err != nil || api == "" {
		return err
	}
	there, err := w.routes(ctx, api)
	if err != nil {
		return err
	}
	for _, made := range there {
		if slices.ContainsFunc(t.Routes, func(r topology.Route) bool { return r.Key == made.Key }) {
			continue
		}
		if err := w.removeRoute(ctx, api, made); err != nil {
			return err
		}
	}
	return nil
}

// removeRules deletes a service's rules that are not in the topology. The prefix may also match rules of other
// services, whose names begin with this one's.
func (w *Wirer) removeRules(ctx context.Context, t *topology.Topology, service string) error {
	wanted := map[string]bool{}
	for _, s := range t.Services {
		for _, rule := range s.Rules {
			wanted[rule.Name] = true
		}
	}
	rules, err := w.bus.ListRules(ctx, &eventbridge.ListRulesInput{EventBusName: &t.Bus, NamePrefix: aws.String(t.Names.Service(service) + "-")})
	if err != nil {
		return fmt.Errorf("list the rules of %s: %w", service, err)
	}
	for _, rule := range rules.Rules {
		if wanted[*rule.Name] {
			continue
		}
		if err := w.removeRule(ctx, t.Bus, *rule.Name); err != nil {
			return err
		}
	}
	return nil
}

func (w *Wirer) removeRule(ctx context.Context, bus, rule string) error {
	_, err := w.bus.RemoveTargets(ctx, &eventbridge.RemoveTargetsInput{Rule: &rule, EventBusName: &bus, Ids: []string{ruleTarget}})
	if err == nil {
		_, err = w.bus.DeleteRule(ctx, &eventbridge.DeleteRuleInput{Name: &rule, EventBusName: &bus})
	}
	if err != nil {
		return fmt.Errorf("remove rule %s: %w", rule, err)
	}
	return nil
}

func (w *Wirer) removeSubscriptions(ctx context.Context, t *topology.Topology, service string) error {
	queue := t.Names.ARN("sqs", t.Names.Service(service))
	for _, topic := range t.Topics {
		pages := sns.NewListSubscriptionsByTopicPaginator(w.topics, &sns.ListSubscriptionsByTopicInput{TopicArn: &topic.ARN})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return fmt.Errorf("list the subscriptions to %s: %w", topic.Name, err)
			}
			for _, s := range page.Subscriptions {
				if aws.ToString(s.Endpoint) != queue {
					continue
				}
				if _, err := w.topics.Unsubscribe(ctx, &sns.UnsubscribeInput{SubscriptionArn: s.SubscriptionArn}); err != nil {
					return fmt.Errorf("remove the subscription to %s: %w", topic.Name, err)
				}
			}
		}
	}
	return nil
}

func (w *Wirer) removeFunction(ctx context.Context, t *topology.Topology, service string) error {
	if w.WorkersOnly {
		return nil
	}
	name := t.Names.Service(service)
	mappings, err := w.lambda.ListEventSourceMappings(ctx, &lambda.ListEventSourceMappingsInput{FunctionName: &name})
	if _, none := errors.AsType[*lambdatypes.ResourceNotFoundException](err); none {
		return nil
	}
	if err != nil {
		return fmt.Errorf("list the event source mappings of %s: %w", name, err)
	}
	for _, mapping := range mappings.EventSourceMappings {
		if _, err := w.lambda.DeleteEventSourceMapping(ctx, &lambda.DeleteEventSourceMappingInput{UUID: mapping.UUID}); err != nil {
			return fmt.Errorf("remove the event source mapping of %s: %w", name, err)
		}
	}
	_, err = w.lambda.DeleteFunction(ctx, &lambda.DeleteFunctionInput{FunctionName: &name})
	if _, none := errors.AsType[*lambdatypes.ResourceNotFoundException](err); err != nil && !none {
		return fmt.Errorf("remove function %s: %w", name, err)
	}
	return nil
}

func (w *Wirer) removeQueues(ctx context.Context, t *topology.Topology, service string) error {
	for _, end := range queueEnds {
		name := t.Names.Service(service) + end
		queue, err := w.queues.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &name})
		if _, none := errors.AsType[*sqstypes.QueueDoesNotExist](err); none {
			continue
		}
		if err == nil {
			_, err = w.queues.DeleteQueue(ctx, &sqs.DeleteQueueInput{QueueUrl: queue.QueueUrl})
		}
		if err != nil {
			return fmt.Errorf("remove queue %s: %w", name, err)
		}
	}
	return nil
}
