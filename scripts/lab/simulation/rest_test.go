package simulation

import (
	"context"
	"database/sql"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"example.com/localcloud/sqs"
	"example.com/troupe/scripts/lab/always"
)

// checkRest checks the invariants once everything is handled.
func (w *world) checkRest(ctx context.Context) {
	w.checkDeadLetters(ctx)
	if domain.Check == nil {
		return
	}
	seen := w.log.World()
	seen.Documents, seen.Databases = map[string]map[string]json.RawMessage{}, map[string]*sql.DB{}
	client := dynamodb.NewFromConfig(w.config(nil))
	for _, s := range w.services {
		var err error
		switch table := w.wired[s.Name].Environment["TABLE_NAME"]; {
		case s.database != nil:
			seen.Databases[s.Name] = s.database.reader
			seen.Documents[s.Name], err = always.Rows(ctx, s.database.reader)
		case table != "":
			seen.Documents[s.Name], err = always.Documents(ctx, client, table)
		}
		if err != nil {
			w.violate("stores can be read", "", "%s: %v", s.Name, err)
			return
		}
	}
	for _, v := range domain.Check(seen) {
		w.found = append(w.found, v)
	}
}

// checkDeadLetters takes all messages from the dead-letter queues.
func (w *world) checkDeadLetters(ctx context.Context) {
	for _, s := range w.services {
		if s.queue == "" {
			continue
		}
		if d := w.cloud.SQS.Depth(s.undelivered); d != (depth{}) {
			w.violate("everything reaches its queue", "", "%s holds %+v", s.undelivered, d)
		}
		for w.cloud.SQS.Depth(s.deadLetters).Visible > 0 {
			out, err := w.cloud.SQS.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
				QueueUrl: s.deadLetters, MaxNumberOfMessages: new(10), WaitTimeSeconds: new(0), MessageAttributeNames: []string{"All"}, VisibilityTimeout: new(43200),
			})
			if err != nil {
				w.violate("dead letters can be read", "", "%v", err)
				return
			}
			for _, m := range out.Messages {
				w.log.DeadLetter(always.Letter{
					Service: s.Name, Body: m.Body, Reason: m.MessageAttributes["reason"].StringValue, Error: m.MessageAttributes["error"].StringValue,
				})
			}
		}
	}
	if w.replays == 0 { // after a replay, events may be in them already
		w.log.CheckPoison()
	}
}
