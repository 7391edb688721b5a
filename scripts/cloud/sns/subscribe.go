package sns

import (
	"context"
	"net/url"
	"strings"

	"example.com/localcloud/requestid"
	"example.com/localcloud/wire"
)

// SubscribeInput adds a subscription.
type SubscribeInput struct {
	TopicArn              string
	Protocol              string // sqs, lambda, http, https; email and email-json stay pending
	Endpoint              string // ARN, URL or address
	Attributes            map[string]string
	ReturnSubscriptionArn bool // even if the subscription is pending
}

func (in *SubscribeInput) resource() string { return in.TopicArn }

// SubscriptionArnOutput identifies a subscription.
type SubscriptionArnOutput struct{ SubscriptionArn string }

// Subscribe adds a subscription. It returns an existing one for the endpoint if that has the requested attributes. An
// HTTP endpoint receives a link to confirm the subscription.
func (s *Service) Subscribe(ctx context.Context, in *SubscribeInput) (*SubscriptionArnOutput, error) {
	fresh := &subscription{
		arn: in.TopicArn + ":" + requestid.New(), topic: in.TopicArn, host: wire.HostOf(ctx),
		protocol: in.Protocol, endpoint: in.Endpoint, attributes: map[string]string{},
	}
	if err := fresh.checkEndpoint(); err != nil {
		return nil, err
	}
	sub, err := fresh.set(in.Attributes)
	if err != nil {
		return nil, asAttributes(err)
	}
	if sub.protocol != "sqs" && sub.protocol != "lambda" {
		sub.token = strings.ReplaceAll(requestid.New()+requestid.New(), "-", "")
	}
	sub, err = s.register(sub, in.Attributes)
	if err != nil {
		return nil, err
	}
	if sub.pending() && isHTTP(sub.protocol) {
		s.postConfirmation(sub)
	}
	if sub.pending() && !in.ReturnSubscriptionArn {
		return &SubscriptionArnOutput{SubscriptionArn: "pending confirmation"}, nil
	}
	return &SubscriptionArnOutput{SubscriptionArn: sub.arn}, nil
}

// asAttributes rewords an error for Subscribe, which sets all attributes at once.
func asAttributes(err error) error {
	e := *wire.AsError(err)
	if reason, ok := strings.CutPrefix(e.Message, "Invalid parameter: "); ok && !strings.HasPrefix(reason, "Filter policy scope") {
		e.Message = "Invalid parameter: Attributes Reason: " + reason
	}
	return &e
}

func (sub *subscription) checkEndpoint() error {
	switch sub.protocol {
	case "sqs":
		if _, err := wire.Local("sqs", "", sub.endpoint); err != nil {
			return errInvalid("SQS endpoint ARN Reason: %v", err)
		}
	case "lambda":
		if _, err := wire.Local("lambda", "function:", sub.endpoint); err != nil {
			return errInvalid("Lambda endpoint ARN Reason: %v", err)
		}
	case "http", "https":
		address, err := url.Parse(sub.endpoint)
		if err != nil || address.Scheme != sub.protocol || address.Host == "" {
			return errInvalid("Endpoint must match the specified protocol")
		}
	case "email", "email-json":
		if !strings.Contains(sub.endpoint, "@") {
			return errInvalid("Email address")
		}
	default:
		return errInvalid("Protocol Reason: the local cloud supports sqs, lambda, http, https, email and email-json, not %q", sub.protocol)
	}
	return nil
}

// register adds a subscription to its topic, or returns the one that already exists.
func (s *Service) register(sub *subscription, asked map[string]string) (*subscription, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.find(sub.topic)
	if err != nil {
		return nil, err
	}
	if err := t.admits(sub); err != nil {
		return nil, err
	}
	for _, known := range t.subscriptions {
		if known.protocol != sub.protocol || known.endpoint != sub.endpoint {
			continue
		}
		for name, value := range asked {
			if known.attributes[name] != value {
				return nil, errInvalid("Attributes Reason: Subscription already exists with different attributes")
			}
		}
		return known, nil
	}
	s.put(t.add(sub))
	return sub, nil
}

func (t *topic) admits(sub *subscription) error {
	switch {
	case t.fifo && sub.protocol != "sqs":
		return errInvalid("Invalid parameter: Endpoint Reason: Please use an SQS queue: a FIFO topic delivers to nothing else")
	case !t.fifo && sub.protocol == "sqs" && isFIFO(sub.endpoint):
		return errInvalid("Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics")
	case isFIFO(sub.endpoint) && sub.deadLetter != "" && !isFIFO(sub.deadLetter): // validated by LocalStack's test_validations_for_fifo
		return errInvalid("RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.")
	case !t.fifo && isFIFO(sub.deadLetter):
		return errInvalid("RedrivePolicy: must use a standard queue as DLQ for a subscription to a standard topic.")
	}
	return nil
}
