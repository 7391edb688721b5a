package sns

import (
	"context"
	"slices"

	"example.com/localcloud/wire"
)

// ListSubscriptionsInput selects a page.
type ListSubscriptionsInput struct{ NextToken string }

func (in *ListSubscriptionsInput) resource() string { return wire.ARN("sns", "*") }

// ListSubscriptionsByTopicInput selects a page of one topic's subscriptions.
type ListSubscriptionsByTopicInput struct{ TopicArn, NextToken string }

func (in *ListSubscriptionsByTopicInput) resource() string { return in.TopicArn }

// ListSubscriptionsOutput is a page of subscriptions.
type ListSubscriptionsOutput struct {
	Subscriptions []Subscription
	NextToken     string
}

// Subscription is a subscription in a listing. The ARN of a pending one is PendingConfirmation.
type Subscription struct{ SubscriptionArn, TopicArn, Protocol, Endpoint, Owner string }

// ListSubscriptions lists all subscriptions.
func (s *Service) ListSubscriptions(_ context.Context, in *ListSubscriptionsInput) (*ListSubscriptionsOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var all []*subscription
	for _, t := range s.topics {
		all = append(all, t.subscriptions...)
	}
	slices.SortFunc(all, byARN)
	return list(all, in.NextToken)
}

// ListSubscriptionsByTopic lists a topic's subscriptions.
func (s *Service) ListSubscriptionsByTopic(_ context.Context, in *ListSubscriptionsByTopicInput) (*ListSubscriptionsOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, err := s.find(in.TopicArn)
	if err != nil {
		return nil, err
	}
	return list(t.subscriptions, in.NextToken)
}

func list(subscriptions []*subscription, token string) (*ListSubscriptionsOutput, error) {
	page, next, err := paginate(subscriptions, token, func(sub *subscription) string { return sub.arn })
	out := &ListSubscriptionsOutput{NextToken: next}
	for _, sub := range page {
		arn := sub.arn
		if sub.pending() {
			arn = "PendingConfirmation"
		}
		out.Subscriptions = append(out.Subscriptions, Subscription{arn, sub.topic, sub.protocol, sub.endpoint, wire.Account})
	}
	return out, err
}

// GetSubscriptionAttributesInput identifies a subscription.
type GetSubscriptionAttributesInput struct{ SubscriptionArn string }

func (in *GetSubscriptionAttributesInput) resource() string { return in.SubscriptionArn }

// GetSubscriptionAttributes returns a subscription's attributes.
func (s *Service) GetSubscriptionAttributes(_ context.Context, in *GetSubscriptionAttributesInput) (*AttributesOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, sub, err := s.findSubscription(in.SubscriptionArn)
	if err != nil {
		return nil, err
	}
	return &AttributesOutput{Attributes: sub.describe()}, nil
}

// SetSubscriptionAttributesInput changes one attribute.
type SetSubscriptionAttributesInput struct{ SubscriptionArn, AttributeName, AttributeValue string }

func (in *SetSubscriptionAttributesInput) resource() string { return in.SubscriptionArn }

// SetSubscriptionAttributes changes a subscription at once. On AWS, a change of the filter policy can take up to 15
// minutes.
func (s *Service) SetSubscriptionAttributes(_ context.Context, in *SetSubscriptionAttributesInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, sub, err := s.findSubscription(in.SubscriptionArn)
	if err != nil {
		return nil, err
	}
	changed, err := sub.set(map[string]string{in.AttributeName: in.AttributeValue})
	if err == nil {
		err = t.admits(changed)
	}
	if err != nil {
		return nil, err
	}
	s.put(t.add(changed))
	return &Empty{}, nil
}
