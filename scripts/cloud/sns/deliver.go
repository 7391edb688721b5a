package sns

import (
	"context"
	"fmt"
	"net/http"

	"example.com/localcloud/delivery"
	"example.com/localcloud/policy"
	"example.com/localcloud/wire"
)

// Deliver publishes what a rule sends to a topic if the topic's policy allows it.
func (s *Service) Deliver(ctx context.Context, d delivery.Delivery) error {
	s.mu.RLock()
	t, err := s.find(d.To)
	s.mu.RUnlock()
	if err != nil {
		return err
	}
	if err := t.admit(d); err != nil {
		return err
	}
	_, err = s.publishOne(ctx, t.arn, &Publishing{
		Message: string(d.Body), MessageAttributes: d.Attributes, MessageGroupId: d.GroupID, MessageDeduplicationId: d.DedupID,
	}, d.Source)
	return err
}

// admit checks the topic's policy, unless the sender acts for a role.
func (t *topic) admit(d delivery.Delivery) error {
	if d.Authorized || t.policy != nil && t.policy.Allows(policy.Request{
		Principal: d.Service, Action: "sns:Publish", Resource: t.arn,
		Context: map[string][]string{"aws:SourceArn": {d.Source}, "aws:SourceAccount": {wire.Account}},
	}) {
		return nil
	}
	return &wire.Error{Code: "AuthorizationError", Status: http.StatusForbidden, Message: fmt.Sprintf(
		"the policy of topic %s does not let %s publish for %s: add a statement that allows the principal {\"Service\": %q} the action sns:Publish on it",
		t.arn, d.Service, d.Source, d.Service)}
}
