package wiring

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"example.com/troupe/scripts/internal/topology"
)

const defaultBus = "default"

// outside creates what brings events from outside to the bus, and removes rules that did.
func (w *Wirer) outside(ctx context.Context, t *topology.Topology) error {
	if t.Outside == nil {
		return w.removeForwards(ctx, t)
	}
	if _, err := w.queue(ctx, *t.Outside.Undelivered); err != nil {
		return making("queue", t.Outside.Undelivered.Name, err)
	}
	if !w.WorkersOnly {
		if err := w.putRole(ctx, t.Outside.Role); err != nil {
			return making("role", t.Outside.Role.Name, err)
		}
	}
	for _, f := range t.Outside.Rules {
		if err := w.partnersBus(ctx, f.Bus); err != nil {
			return err
		}
		if err := w.rule(ctx, f.Bus, f.Rule, t.Outside.Role.ARN); err != nil {
			return making("rule", f.Name, err)
		}
	}
	return w.removeForwards(ctx, t)
}

// partnersBus creates the bus of a partner, which on AWS its owner has done.
func (w *Wirer) partnersBus(ctx context.Context, name string) error {
	if name == defaultBus {
		return nil
	}
	_, err := w.bus.CreateEventBus(ctx, &eventbridge.CreateEventBusInput{Name: &name, EventSourceName: &name})
	if _, exists := errors.AsType[*types.ResourceAlreadyExistsException](err); exists {
		return nil
	}
	return making("event bus", name, err)
}

// removeForwards deletes the rules of the default bus that are not in the topology.
func (w *Wirer) removeForwards(ctx context.Context, t *topology.Topology) error {
	wanted := map[string]bool{}
	if t.Outside != nil {
		for _, f := range t.Outside.Rules {
			wanted[f.Name] = true
		}
	}
	rules, err := w.bus.ListRules(ctx, &eventbridge.ListRulesInput{EventBusName: aws.String(defaultBus), NamePrefix: aws.String(t.Names.Prefix() + "-")})
	if err != nil {
		return fmt.Errorf("list the rules of the default bus: %w", err)
	}
	for _, rule := range rules.Rules {
		if wanted[aws.ToString(rule.Name)] {
			continue
		}
		if err := w.removeRule(ctx, defaultBus, aws.ToString(rule.Name)); err != nil {
			return err
		}
	}
	return nil
}
