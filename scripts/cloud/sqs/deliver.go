package sqs

import (
	"context"
	"fmt"
	"net/http"

	"example.com/localcloud/bill"
	"example.com/localcloud/delivery"
	"example.com/localcloud/policy"
	"example.com/localcloud/wire"
)

// Deliver adds a message from a rule, topic or schedule if the queue's policy allows it.
func (s *Service) Deliver(_ context.Context, d delivery.Delivery) error {
	q := s.queueOf(d.To)
	if q == nil {
		return errNoQueue()
	}
	if err := q.admit(d); err != nil {
		return err
	}
	if !q.fifo {
		d.DedupID = "" // a FIFO topic may deliver to a standard queue
	}
	in := Sending{MessageBody: string(d.Body), MessageGroupId: given(d.GroupID), MessageDeduplicationId: given(d.DedupID)}
	if len(d.Attributes) > 0 {
		in.MessageAttributes = make(map[string]MessageAttributeValue, len(d.Attributes))
	}
	for name, a := range d.Attributes {
		in.MessageAttributes[name] = MessageAttributeValue(a)
	}
	if err := in.check(); err != nil {
		return err
	}
	s.Bill.Tell(bill.Use{Service: "sqs", Operation: "SendMessage", Caller: d.Service, Resource: d.To, Bytes: len(d.Body)})
	_, err := q.put(content{
		body: in.MessageBody, bodyMD5: md5Hex(in.MessageBody), attributes: in.MessageAttributes,
		sender: d.Service, from: d.Source, group: d.GroupID, dedup: d.DedupID,
	}, nil)
	return err
}

// given returns a member that is left out if the text is empty.
func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// admit checks the queue's policy, unless the sender acts for a role. Without a policy, a queue accepts nothing from
// another AWS service.
func (q *queue) admit(d delivery.Delivery) error {
	if d.Authorized {
		return nil
	}
	q.lock()
	document := q.settings.policy
	q.unlock()
	if document != nil && document.Allows(policy.Request{
		Principal: d.Service, Action: "sqs:SendMessage", Resource: q.arn,
		Context: map[string][]string{"aws:SourceArn": {d.Source}, "aws:SourceAccount": {wire.Account}},
	}) {
		return nil
	}
	return &wire.Error{Code: "AccessDenied", Status: http.StatusForbidden, Message: fmt.Sprintf(
		"the policy of queue %s does not let %s send for %s: add a statement that allows the principal {\"Service\": %q} the action sqs:SendMessage on %s",
		q.name, d.Service, d.Source, d.Service, q.arn)}
}
