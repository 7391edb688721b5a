package contracts

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"example.com/troupe/events"
	"example.com/troupe/events/schema"
	"example.com/troupe/scripts/internal/target"
)

// Subscribers returns a line for each subscriber to an event where a troupe runs: rules and subscriptions, also those that no
// service.json declares. People and webhooks subscribe there, and so do services of other repositories.
func Subscribers(ctx context.Context, at *target.Target, event schema.Event) ([]string, error) {
	switch event.Channel {
	case events.EventBridge:
		detailType := event.Type
		if event.Outside != nil {
			detailType = event.Outside.DetailType
		}
		return rules(ctx, eventbridge.NewFromConfig(at.Config), at.BusName, detailType)
	case events.SNS:
		topic := at.TopicARNPrefix + strings.ReplaceAll(event.Type, ".", "-")
		return subscriptions(ctx, sns.NewFromConfig(at.Config), topic)
	case events.Queue:
		return []string{fmt.Sprintf("%s itself: it is a reminder", event.Producer)}, nil
	}
	return nil, fmt.Errorf("%s has the channel %q", event.Type, event.Channel)
}

// rules lists the rules that may match an event. Those of EventBridge itself, such as an archive's, are left out.
func rules(ctx context.Context, client *eventbridge.Client, bus, detailType string) (found []string, err error) {
	for in := (&eventbridge.ListRulesInput{EventBusName: &bus}); ; {
		page, err := client.ListRules(ctx, in)
		if err != nil {
			return nil, fmt.Errorf("list the rules of %s: %w", bus, err)
		}
		for _, rule := range page.Rules {
			if aws.ToString(rule.ManagedBy) != "" || !mayMatch(aws.ToString(rule.EventPattern), detailType) {
				continue
			}
			targets, err := client.ListTargetsByRule(ctx, &eventbridge.ListTargetsByRuleInput{EventBusName: &bus, Rule: rule.Name})
			if err != nil {
				return nil, fmt.Errorf("list the targets of %s: %w", aws.ToString(rule.Name), err)
			}
			var arns []string
			for _, t := range targets.Targets {
				arns = append(arns, aws.ToString(t.Arn))
			}
			found = append(found, fmt.Sprintf("rule %s → %s", aws.ToString(rule.Name), strings.Join(arns, ", ")))
		}
		if page.NextToken == nil {
			return found, nil
		}
		in.NextToken = page.NextToken
	}
}

// mayMatch reports whether a rule's pattern names an event, or names its events by a matcher, which may be any. A rule that
// names no events receives all, as the journal's does: it subscribes to none in particular.
func mayMatch(pattern, detailType string) bool {
	var p struct {
		DetailType []any `json:"detail-type"`
	}
	if err := json.Unmarshal([]byte(pattern), &p); err != nil {
		return false // a schedule has no pattern
	}
	return slices.ContainsFunc(p.DetailType, func(m any) bool {
		text, plain := m.(string)
		return !plain || text == detailType
	})
}

func subscriptions(ctx context.Context, client *sns.Client, topic string) (found []string, err error) {
	for pages := sns.NewListSubscriptionsByTopicPaginator(client, &sns.ListSubscriptionsByTopicInput{TopicArn: &topic}); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list the subscriptions to %s: %w", topic, err)
		}
		for _, s := range page.Subscriptions {
			found = append(found, fmt.Sprintf("%s %s", aws.ToString(s.Protocol), aws.ToString(s.Endpoint)))
		}
	}
	return found, nil
}
