package simulation

import (
	"context"
	"encoding/json"
	"slices"

	"example.com/localcloud/sqs"
)

// checkDeadLetters takes all messages out of the dead-letter queues: each is poison, and says why.
func (w *world) checkDeadLetters(ctx context.Context) {
	deadLettered := map[string]map[string]bool{}
	for _, s := range w.services {
		if s.queue == "" {
			continue
		}
		if d := w.cloud.SQS.Depth(s.undelivered); d != (depth{}) {
			w.violate("everything reaches its queue", "", "%s holds %+v", s.undelivered, d)
		}
		deadLettered[s.name] = map[string]bool{}
		for w.cloud.SQS.Depth(s.deadLetters).Visible > 0 {
			out, err := w.cloud.SQS.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
				QueueUrl: s.deadLetters, MaxNumberOfMessages: new(10), WaitTimeSeconds: new(0), MessageAttributeNames: []string{"All"}, VisibilityTimeout: new(43200),
			})
			if err != nil {
				w.violate("dead letters can be read", "", "%v", err)
				return
			}
			for _, m := range out.Messages {
				deadLettered[s.name][w.checkDeadLetter(s, m)] = true
			}
		}
	}
	w.checkPoison(deadLettered)
}

// checkDeadLetter returns the id of the event that a dead letter is.
func (w *world) checkDeadLetter(s *service, m sqs.Message) (id string) {
	var letter fact
	body := m.Body
	var outer struct{ Detail json.RawMessage }
	if _ = json.Unmarshal([]byte(body), &outer); outer.Detail != nil {
		body = string(outer.Detail)
	}
	_ = json.Unmarshal([]byte(body), &letter.Envelope)
	about := letter.Metadata
	reason := m.MessageAttributes["reason"].StringValue
	poison, known := w.facts.poison[about.ID]
	broken := s.name == "payments" && about.Type == "order.placed.v1" && w.tokenOf(about.Subject) == tokenBroken
	if !broken && (!known || !slices.Contains(poison.services, s.name) || reason != poison.reason) {
		w.violate("only poison ends in a dead-letter queue", about.Subject, "%s of %s: reason %q: %s", about.Type, s.name, reason,
			m.MessageAttributes["error"].StringValue)
	}
	return about.ID
}

// checkPoison misses poison that is in no dead-letter queue.
func (w *world) checkPoison(deadLettered map[string]map[string]bool) {
	for id, poison := range w.facts.poison {
		for _, name := range poison.services {
			if !deadLettered[name][id] && poison.reason == "bad-contract" && w.replays == 0 {
				w.violate("poison is dead-lettered", "", "%s %s is not in the dead-letter queue of %s", poison.reason, id, name)
			}
		}
	}
}

func (w *world) tokenOf(order string) string {
	for _, c := range w.customers {
		if c.placed.OrderID == order {
			return c.token
		}
	}
	return ""
}
