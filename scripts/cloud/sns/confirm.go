package sns

import (
	"context"
	"strings"
)

// ConfirmSubscriptionInput holds the parameters of the link in a confirmation.
type ConfirmSubscriptionInput struct {
	TopicArn, Token           string
	AuthenticateOnUnsubscribe string // only false: here everybody may unsubscribe
}

func (in *ConfirmSubscriptionInput) resource() string { return in.TopicArn }

// ConfirmSubscription confirms a pending subscription, so that it receives messages.
func (s *Service) ConfirmSubscription(_ context.Context, in *ConfirmSubscriptionInput) (*SubscriptionArnOutput, error) {
	if v := in.AuthenticateOnUnsubscribe; v != "" && !strings.EqualFold(v, "false") {
		return nil, errInvalid("AuthenticateOnUnsubscribe Reason: the local cloud supports false only, not %.100q", v)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.find(in.TopicArn)
	if err != nil {
		return nil, err
	}
	for _, sub := range t.subscriptions {
		if in.Token != "" && sub.token == in.Token {
			confirmed := *sub
			confirmed.token = ""
			s.put(t.add(&confirmed))
			return &SubscriptionArnOutput{SubscriptionArn: sub.arn}, nil
		}
	}
	return nil, errInvalid("Token")
}

// UnsubscribeInput identifies a subscription.
type UnsubscribeInput struct{ SubscriptionArn string }

func (in *UnsubscribeInput) resource() string { return in.SubscriptionArn }

// Unsubscribe removes a subscription. It succeeds if there is none.
func (s *Service) Unsubscribe(_ context.Context, in *UnsubscribeInput) (*Empty, error) {
	if err := checkSubscriptionARN(in.SubscriptionArn); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, sub := s.subscription(in.SubscriptionArn)
	if sub != nil {
		s.put(t.with(func(t *topic) {
			t.subscriptions = without(t.subscriptions, sub.arn)
			t.deleted++
		}))
	}
	return &Empty{}, nil
}

// checkSubscriptionARN rejects what cannot identify a subscription, with AWS's texts (LocalStack's
// test_unsubscribe_wrong_arn_format, validated against AWS).
func checkSubscriptionARN(arn string) error {
	if arn == "" {
		return errInvalid("SubscriptionArn Reason: no value for required parameter")
	}
	if err := checkARN("SubscriptionArn", arn); err != nil {
		return err
	}
	if topicOf(arn) == arn {
		return errInvalid("SubscriptionId")
	}
	if checkTopicARN(topicOf(arn)) != nil {
		return errInvalid("SubscriptionArn")
	}
	return nil
}

// findSubscription returns a subscription and its topic. The caller holds the mutex.
func (s *Service) findSubscription(arn string) (*topic, *subscription, error) {
	t, sub := s.subscription(arn)
	if sub != nil {
		return t, sub, nil
	}
	if err := checkSubscriptionARN(arn); err != nil {
		return nil, nil, err
	}
	return nil, nil, errNotFound("Subscription")
}

// subscription returns a subscription and its topic, if they exist. The caller holds the mutex.
func (s *Service) subscription(arn string) (*topic, *subscription) {
	t := s.topics[topicOf(arn)]
	if t == nil {
		return nil, nil
	}
	for _, sub := range t.subscriptions {
		if sub.arn == arn {
			return t, sub
		}
	}
	return t, nil
}
