package wiring

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"example.com/troupe/scripts/internal/topology"
)

// Bus creates the bus if it doesn't exist, and returns its ARN. The ARN contains the endpoint's account and region.
func (w *Wirer) Bus(ctx context.Context, name string) (arn string, err error) {
	_, err = w.bus.CreateEventBus(ctx, &eventbridge.CreateEventBusInput{Name: &name})
	if _, exists := errors.AsType[*types.ResourceAlreadyExistsException](err); err != nil && !exists {
		return "", making("event bus", name, err)
	}
	bus, err := w.bus.DescribeEventBus(ctx, &eventbridge.DescribeEventBusInput{Name: &name})
	if err != nil {
		return "", making("event bus", name, err)
	}
	return aws.ToString(bus.Arn), nil
}

func (w *Wirer) rules(ctx context.Context, t *topology.Topology, s topology.Service) error {
	for _, rule := range s.Rules {
		if err := w.rule(ctx, t.Bus, rule, ""); err != nil {
			return making("rule", rule.Name, err)
		}
	}
	return w.removeRules(ctx, t, s.Name) // rules for events that it no longer subscribes to
}

// rule creates a rule with its target. The role may be empty.
func (w *Wirer) rule(ctx context.Context, bus string, rule topology.Rule, role string) error {
	pattern, err := json.Marshal(rule.Pattern)
	if err != nil {
		return err
	}
	_, err = w.bus.PutRule(ctx, &eventbridge.PutRuleInput{
		Name: &rule.Name, EventBusName: &bus, EventPattern: aws.String(string(pattern)), State: types.RuleStateEnabled,
	})
	if err != nil {
		return err
	}
	target := types.Target{
		Id: aws.String(ruleTarget), Arn: &rule.Target,
		DeadLetterConfig: &types.DeadLetterConfig{Arn: &rule.DeadLetters},
		RetryPolicy:      &types.RetryPolicy{MaximumRetryAttempts: aws.Int32(int32(rule.MaxRetries)), MaximumEventAgeInSeconds: aws.Int32(int32(rule.MaxAge))},
	}
	if role != "" {
		target.RoleArn = &role
	}
	return w.target(ctx, bus, rule.Name, target)
}

// target adds a target to a rule.
func (w *Wirer) target(ctx context.Context, bus, rule string, target types.Target) error {
	out, err := w.bus.PutTargets(ctx, &eventbridge.PutTargetsInput{Rule: &rule, EventBusName: &bus, Targets: []types.Target{target}})
	if err != nil {
		return err
	}
	for _, failed := range out.FailedEntries { // the call succeeds even if a target is refused
		return fmt.Errorf("target %s: %s: %s", aws.ToString(target.Arn), aws.ToString(failed.ErrorCode), aws.ToString(failed.ErrorMessage))
	}
	return nil
}

// ruleTarget is the ID of a rule's only target.
const ruleTarget = "queue"
