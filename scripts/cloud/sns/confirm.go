package sns

import "context"

// ConfirmSubscriptionInput holds the parameters of the link in a confirmation.
type ConfirmSubscriptionInput struct {
	TopicArn, Token           string
	AuthenticateOnUnsubscribe string // accepted but ignored: here everybody may unsubscribe
}

func (in *ConfirmSubscriptionInput) resource() string { return in.TopicArn }

// ConfirmSubscription confirms a pending subscription, so that it receives messages.
func (s *Service) ConfirmSubscription(_ context.Context, in *ConfirmSubscriptionInput) (*SubscriptionArnOutput, error) {
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

// subscription returns a subscription and its topic. The caller holds the mutex.
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
