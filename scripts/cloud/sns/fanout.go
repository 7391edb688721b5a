package sns

import (
	"context"
	"fmt"

	"example.com/localcloud/delivery"
	"example.com/localcloud/tap"
)

// principal is the name of SNS in the policies of queues and functions.
const principal = "sns.amazonaws.com"

// fanOut delivers a message to each subscription whose filter policy matches.
func (s *Service) fanOut(ctx context.Context, t *topic, m *message, from string) {
	if s.tap.Listening() { // because the text is copied
		s.tap.Tell(tap.Hop{Kind: tap.Published, Resource: t.arn, From: from, MessageID: m.id, Body: []byte(m.text)})
	}
	for _, sub := range t.subscriptions {
		if sub.pending() {
			continue
		}
		if why := sub.rejects(m); why != "" {
			s.report(tap.Skipped, sub, m, why)
			continue
		}
		s.report(tap.Matched, sub, m, "")
		s.deliver(ctx, sub, m)
	}
}

func (s *Service) report(kind tap.Kind, sub *subscription, m *message, note string) {
	s.tap.Tell(tap.Hop{Kind: kind, Resource: sub.arn, From: sub.topic, To: sub.endpoint, MessageID: m.id, Note: note})
}

func (s *Service) deliver(ctx context.Context, sub *subscription, m *message) {
	if isHTTP(sub.protocol) {
		s.keepPosting(sub, m)
		s.posting.Go(func() { s.postNotification(sub, m) })
		return
	}
	if err := s.targets.Deliver(ctx, s.delivery(sub, sub.endpoint, m)); err != nil {
		s.undelivered(ctx, sub, m, err)
	}
}

// delivery returns the message for the subscription's endpoint or for its dead-letter queue.
func (s *Service) delivery(sub *subscription, to string, m *message) delivery.Delivery {
	d := delivery.Delivery{To: to, Service: principal, Source: sub.topic, GroupID: m.group, DedupID: m.dedup}
	switch {
	case sub.protocol == "lambda":
		d.Body = sub.lambdaEvent(s.sign(sub, sub.notification(m)))
	case sub.raw:
		d.Body, d.Attributes = []byte(m.textFor(sub.protocol)), m.attributes
	default:
		d.Body = s.sign(sub, sub.notification(m)).encode()
	}
	return d
}

// undelivered moves a message to the subscription's dead-letter queue if it has one.
func (s *Service) undelivered(ctx context.Context, sub *subscription, m *message, cause error) {
	if sub.deadLetter == "" {
		s.report(tap.Undelivered, sub, m, cause.Error()+"; it is lost: the subscription has no RedrivePolicy")
		return
	}
	note := fmt.Sprintf("%v; moved to %s", cause, sub.deadLetter)
	if err := s.targets.Deliver(ctx, s.delivery(sub, sub.deadLetter, m)); err != nil {
		note = fmt.Sprintf("%v; it is lost, because the dead-letter queue rejected it: %v", cause, err)
	}
	s.report(tap.Undelivered, sub, m, note)
}
